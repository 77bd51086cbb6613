# The words that CONTRIBUTING.md and .ci/run use. They need Go and the modules of
# go.mod, which Go fetches at their first use; staticcheck and vulncheck fetch
# their tool in the same way. Beside that gofmt needs git, race a C compiler,
# pcap-check and interop-tshark need tshark, interop-libwbxml its tools, interop-stp
# what its setup.sh installs, and vulncheck a database of vulnerabilities.

GO       ?= go
FUZZTIME ?= 60s
FUZZDIR  ?= .

# The version is pinned so that a new check cannot break an old commit.
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@v1.9.0

.PHONY: all gofmt vet staticcheck check test race fuzz bench demo scenarios pcap-check

all: check test

gofmt:
	@files=$$(git ls-files -z --cached --others --exclude-standard '*.go' | xargs -0 ls -d 2>/dev/null | xargs gofmt -l) && \
	if [ -n "$$files" ]; then echo "not formatted, run gofmt -w on:"; echo "$$files"; exit 1; fi

# vet and staticcheck read the tests that only interop and licences run, too.
vet:
	$(GO) vet -tags interop ./...

staticcheck:
	$(GO) run $(STATICCHECK) -tags interop ./...

check: gofmt vet staticcheck

test:
	$(GO) test ./...

race:
	$(GO) test -race -timeout 30m ./...

# Every fuzz target of every package, one after the other; a find goes to the
# package's testdata/fuzz and ends the run. Each package is linked once, which
# `go test -fuzz` would do for each target. FUZZDIR narrows it to a directory.
# On a busy machine Go's fuzzer sometimes calls the end of its own time a failure
# ("context deadline exceeded", without a failing input): that target runs again.
fuzz:
	@set -e; tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; found=0; \
	for dir in $$(grep -lE '^func Fuzz[A-Za-z0-9_]*\(' -r --include='*_test.go' $(FUZZDIR) | xargs -r -n1 dirname | sort -u); do \
		$(GO) test -c -fuzz=. -o "$$tmp/fuzz.test" "./$$dir"; \
		for target in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]*)\(.*/\1/p' "$$dir"/*_test.go | sort); do \
			for try in 1 2 3; do \
				echo "fuzz $$dir $$target for $(FUZZTIME)"; \
				if ( cd "$$dir" && "$$tmp/fuzz.test" -test.run '^$$' -test.fuzz "^$$target\$$" -test.fuzztime $(FUZZTIME) \
					-test.fuzzminimizetime 2s -test.fuzzcachedir "$$tmp/$$target" -test.timeout 0 ) >"$$tmp/out" 2>&1; \
				then tail -n 2 "$$tmp/out"; break; fi; \
				cat "$$tmp/out"; \
				if grep -q 'Failing input' "$$tmp/out" || ! grep -q '^    context deadline exceeded$$' "$$tmp/out" || [ $$try = 3 ]; then exit 1; fi; \
				echo "the fuzzer's own time limit, no find: again"; \
			done; \
			found=$$((found+1)); \
		done; \
	done; \
	if [ $$found = 0 ]; then echo "no fuzz target was found"; exit 1; fi; \
	echo "$$found fuzz targets ran"

bench:
	$(GO) run ./cmd/otagate bench

demo:
	$(GO) run ./cmd/otagate demo

# Every scenario of the demo, each of which must end as it promises.
scenarios:
	@set -e; tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; \
	$(GO) build -o "$$tmp/otagate" ./cmd/otagate; \
	names=$$("$$tmp/otagate" demo --list --names); \
	if [ -z "$$names" ]; then echo "demo --list names no scenario"; exit 1; fi; \
	for name in $$names; do \
		echo "scenario $$name"; \
		"$$tmp/otagate" demo --scenario "$$name" > "$$tmp/out" 2>&1 || { cat "$$tmp/out"; echo "scenario $$name failed"; exit 1; }; \
	done

# An independent reader must understand every packet of the demo.
pcap-check:
	@set -e; tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; \
	$(GO) build -o "$$tmp/otagate" ./cmd/otagate; \
	for story in activate push-sl push-relay; do \
		"$$tmp/otagate" demo --scenario $$story --pcap "$$tmp/demo.pcap" > /dev/null; \
		tshark -o mtp3.standard:ANSI -r "$$tmp/demo.pcap" -V >> "$$tmp/demo.txt"; \
	done; \
	for name in 'Short Message Peer to Peer' 'MTP 3 User Adaptation Layer' 'Signalling Connection Control Part' \
		'ANSI Transaction Capabilities' 'ANSI Mobile Application Part' 'ANSI IS-683' 'ANSI IS-637' \
		'GSM Short Message Service User Data' 'Wireless Session Protocol' 'WAP Binary XML' 'Hypertext Transfer Protocol'; do \
		grep -q "$$name" "$$tmp/demo.txt" || { echo "tshark decoded no: $$name"; exit 1; }; \
	done; \
	if grep -n -i 'malformed' "$$tmp/demo.txt"; then echo "tshark finds malformed packets"; exit 1; fi; \
	echo "tshark understands the demo: $$(grep -c '^Frame ' "$$tmp/demo.txt") frames, none malformed"

# What the program and its tests are built from: the module cache against the
# checksums taken when the modules came, and those against go.sum.
.PHONY: verify licences vulncheck
verify:
	$(GO) mod verify
	$(GO) test -tags interop -count=1 -run Sums ./internal/interop/supply

# The licence of every module against the list of those allowed, a reason for
# each, and docs/dependencies.md; ARGS=-write-docs writes that anew.
licences:
	$(GO) test -tags interop -count=1 ./internal/interop/supply $(ARGS)

# Known vulnerabilities. Their database is on the Internet; VULNDB=file:///DIR
# asks a copy. ALLOW_SKIP=vulncheck bears that it cannot be reached.
VULNDB ?=
vulncheck:
	@GO="$(GO)" internal/interop/supply/vulncheck.sh $(GOVULNCHECK) $(VULNDB)

# Our M3UA, the whole star-code activation and the delivery of a message through
# osmo-stp on kernel SCTP, in a guest kernel. It installs nothing:
# internal/interop/stp/setup.sh does, and a run without the packages says which.
# ARGS="-run NAME" narrows it, ARGS=-write-docs puts the table into docs/interop.md.
.PHONY: interop interop-stp interop-tshark interop-differential interop-libwbxml interop-smpp interop-kannel
interop: interop-differential interop-tshark interop-libwbxml interop-smpp interop-kannel interop-stp

interop-stp:
	@cd internal/interop/stp && $(GO) test -tags interop -count=1 -timeout 20m $(ARGS) # in the directory, where go test shows the table

# Every encoder against Wireshark's dissectors, our negative vectors, the captures
# of the demo, and messages to handsets in segments of every kind. ARGS="-seed 7 -messages 20000" draws other messages,
# ARGS=-write-docs puts the table into docs/interop.md.
interop-tshark:
	@cd internal/interop/tshark && $(GO) test -tags interop -count=1 -timeout 20m $(ARGS) # in the directory, where go test shows the table

# Our binary XML against that of libwbxml (Debian: libwbxml2-utils), which .ci/run
# installs where it is missing; ALLOW_SKIP=libwbxml bears that it is not there.
# ARGS="-seed 7 -documents 5000" draws other documents, ARGS=-write-docs puts the
# table into docs/interop.md.
interop-libwbxml:
	@cd internal/interop/libwbxml && $(GO) test -tags interop -count=1 -timeout 20m $(ARGS) # in the directory, where go test shows the counts

# Our SMPP server and client, and otagate serve, against go-smpp, gosmpp, node-smpp
# (npm gets it, from the versions in testdata) and Kannel (Debian: kannel), in each role
# that they have. ALLOW_SKIP="node kannel" bears that they are not there.
# ARGS="-run NAME" narrows it, ARGS=-write-docs puts the table into docs/interop.md.
interop-smpp:
	@cd internal/interop/smpp && $(GO) test -tags interop -count=1 -timeout 20m $(ARGS) # in the directory, where go test shows the table

# How fast Kannel submits with receipts, to otagate serve and to a server that leaves
# acknowledging to the kernel; it fails when the ratio is below 5. ARGS="-messages 50000"
# sends more, ARGS=-write-docs puts the figures into docs/interop.md.
interop-kannel:
	@cd internal/interop/smpp && $(GO) test -tags "interop throughput" -count=1 -timeout 20m -run Throughput $(ARGS) # in the directory, where go test shows the figures

# Our codecs against those of go-m3ua, gosmpp, go-smpp and go-tcap, which are
# modules of the tests: it needs nothing else, and `make test` and `make fuzz` run it too.
# ARGS="-seed 7 -messages 20000" draws other messages, ARGS=-write-docs puts the
# tables into docs/interop.md.
interop-differential:
	@cd internal/interop/differential && $(GO) test -count=1 -timeout 20m $(ARGS) # in the directory, where go test shows the tables

# What goes wrong, in three parts: the whole gateway on virtual time, one seed
# after the other deciding all that does; the program killed at every message of
# the stories without a call; and the program itself with disk,
# descriptors, memory and names taken away from it. SEEDS=100000 is the long run;
# ARGS="-seed 4711" replays one seed and prints its trace, and leaves the other
# two out; ARGS=-write-docs puts the tables into docs/interop.md.
.PHONY: fault fault-simulation fault-killed fault-hostile fault-resources
SEEDS ?= 2000
fault: fault-simulation
	@case " $(ARGS) " in *" -seed "*|*" -seed="*) ;; *) $(MAKE) --no-print-directory fault-killed fault-hostile fault-resources ARGS="$(ARGS)" ;; esac

fault-simulation:
	@cd internal/interop/simulation && $(GO) test -count=1 -timeout 6h -seeds $(SEEDS) $(ARGS) # in the directory, where go test shows the table

# The second part alone, with all kills; `make test` runs it too, and `make race` a
# part of it.
fault-killed:
	@cd internal/demo && $(GO) test -count=1 -timeout 20m -run TestKilledAtEveryMessage -v -args -killed-every=1

# The third part alone: hostile ESMEs in full number and to their end, which takes
# 20,000 file descriptors. `make test` runs it with fewer of them.
fault-hostile:
	@cd internal/gateway && $(GO) test -count=1 -timeout 20m -run 'TestHostile' -v . -args -hostile-full

# The fourth part alone. It needs Linux, and root for a disk that fails and a
# limit of memory: ALLOW_SKIP=root bears that they are left out. ARGS="-run NAME"
# narrows it.
fault-resources:
	@cd internal/interop/resources && $(GO) test -tags interop -count=1 -timeout 20m $(ARGS) # in the directory, where go test shows the table

# Messages over links that are cut and restored every second: none is lost, none is
# sent twice but where the wire left no choice, memory is flat. SOAK is how many; 10
# million need 0.7 GB of disk in TMPDIR. `make test` runs a few.
.PHONY: soak
SOAK ?= 10000000
soak:
	@cd internal/interop/soak && $(GO) test -count=1 -timeout 24h -v -messages $(SOAK) -tick 1s -window 100 $(ARGS)
