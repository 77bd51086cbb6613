package configs

import "time"

// Default is a configuration in which only the values that have a default
// are set.
func Default() *Config {
	return &Config{
		Log: Log{Level: "info", Format: "json", Counters: time.Minute},
		SMPP: SMPP{
			Listen: "127.0.0.1:2775", SystemID: "otagate",
			PDULimit: 64 << 10, MaxConnections: 100, MaxUnbound: 32,
			LockOut:     LockOut{Failures: 10, For: 5 * time.Minute},
			SessionInit: 5 * time.Second, EnquireLink: 30 * time.Second,
			Inactivity: 300 * time.Second, Response: 60 * time.Second,
		},
		SS7: SS7{
			Variant: "ansi", NetworkIndicator: 2,
			SSN:  12, // from memory, not verified against a standard
			M3UA: M3UA{TrafficMode: "loadshare"},
			Timers: SS7Timers{
				SMDPP: 45 * time.Second, OTASPREQ: 10 * time.Second, SSDUpdate: 60 * time.Second,
				Reassembly: 10 * time.Second, Ack: 2 * time.Second, Beat: 10 * time.Second,
			},
			MaxTransactions: 65536, HopCounter: 15,
			Screening: Screening{
				Refusal: "reject", Strangers: "discard", Rate: 100,
				Guesses: Guesses{Rate: 0.1, Burst: 100, Hold: time.Minute},
			},
		},
		OTASP: OTASP{
			SessionTime: 15 * time.Minute, Repeats: 2, AKeyVersions: []uint8{2},
			MaxSessions: 1_000_000, TriggerMemory: 15 * time.Minute,
			AwayTime: 72 * time.Hour, AskAgain: 6 * time.Hour,
		},
		HTTP: HTTP{Path: "/pap", MaxBody: 64 << 10, MaxRequests: 64, Timeout: 10 * time.Second},
		Push: Push{
			Validity: 72 * time.Hour, MaxValidity: 7 * 24 * time.Hour, Memory: 7 * 24 * time.Hour, MaxMessages: 1_000_000,
			Attempts: 50, Pause: 30 * time.Second, MaxPause: time.Hour, Grace: 10 * time.Minute,
			SS7: PushSS7{
				Teleservice: 4100, Octets: 120, Parts: 5, Window: 10, AskAgain: 6 * time.Hour, SMSREQ: 10 * time.Second, SMSREQWindow: 100,
			},
		},
		IOTA:    defaultIOTA(),
		Backend: Backend{Timeout: 10 * time.Second, Pause: time.Second, MaxPause: 5 * time.Minute, Validity: 7 * 24 * time.Hour},
	}
}

// A message centre takes GSM user data unless it says otherwise.
func defaultLink() Link {
	return Link{
		Kind: KindTransceiver, Binds: 1, Version: "3.4",
		Window: 10, Bind: 15 * time.Second, Response: 60 * time.Second, EnquireLink: 30 * time.Second,
		Retry: Backoff{500 * time.Millisecond, 30 * time.Second}, SlowDown: Backoff{time.Second, 30 * time.Second},
		SourceTON: 0, DestTON: 1, DestNPI: 1,
		DataCoding: 4, Way: "as-is", Octets: 140, Parts: 5, Receipts: true, MessageID: "any", Doubt: 10 * time.Minute,
		Relay: LinkRelay{Failover: 30 * time.Second, Join: time.Minute},
	}
}

func defaultAccount() Account {
	return Account{MaxBinds: 2, Window: 10, MessageID: "hex", ReceiptTTL: 72 * time.Hour, DedupTime: time.Hour, Deliver: DeliverFair}
}

// A segment of 180 octets leaves a UDT room for addresses and parameters.
func defaultMSC() MSC { return MSC{SegmentSize: 180} }

func defaultScreenedPeer() ScreenedPeer { return ScreenedPeer{Rate: 100, Burst: 100} }

func defaultPeer() Peer { return Peer{Transport: "sctp"} }
