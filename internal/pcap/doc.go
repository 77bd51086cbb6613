// Package pcap writes capture files of application messages, so that Wireshark
// and tshark show what otagate and its peers said to each other.
//
//	w := pcap.New(file)
//	w.TCP(at, esme, smsc, submitSM)
//	w.SCTP(at, asp, sgp, 3, 1, m3uaData)
//	err := w.Close()
//
// The file is a classic pcap (not pcapng) with nanosecond times and link type
// Ethernet. The packets around the messages are invented: sequence numbers, TSNs
// and checksums are right, a TCP connection begins with its handshake, but there
// are no acknowledgements of their own, retransmissions, INIT or FIN. What was
// really on the wire is for tcpdump to capture.
//
//	Ethernet, IPv4 or IPv6, TCP segments of at most 1460 octets
//	Ethernet, IPv4 or IPv6, SCTP with one DATA chunk per message
package pcap
