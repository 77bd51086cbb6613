// Package smppbench measures the SMPP client and server of package smpp
// against bare sockets: a client that copies one prepared submit_sm and fills
// its window with one write, and a server that answers every PDU of a read
// with one write of prepared responses. Neither decodes anything; together
// they are the ceiling of what the machine and its loopback can do.
//
// All pairings of the two with ours are run in turn, in short rounds, so that
// what else the machine does hits all of them; the figures are medians.
//
//	rs, err := smppbench.Measure(ctx, smppbench.Options{})
//	fmt.Println(rs[0].Window, rs[0].Client/rs[0].Bare)
package smppbench
