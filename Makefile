# posprobe: build, try, test. `make demo` and `make test` are all that a stranger needs.

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
# No inlining, but for cryptography and the runtime: 0.7 MB less on ARM (.ci/flags).
FLAGS   := $(shell cat .ci/flags) -ldflags '-s -w -X main.version=$(VERSION)'
export CGO_ENABLED := 0

.PHONY: build demo test check cross size fuzz race clean

build:
	$(GO) build $(FLAGS) -o bin/ ./cmd/posprobe ./cmd/acquirersim

# A healthy check and five faults against the practice acquirer: no root, no configuration.
demo: build
	@cmd/acquirersim/demo.sh

# Everything that can be tested here. As root on Debian it installs the test tools it
# needs (NO_DEPS=1 leaves the machine alone); without root it says what it left out.
test: check cross size
	@.ci/test

# What needs no running: formatting, vet, staticcheck.
check:
	@test -z "$$(gofmt -l cmd probe report)" || { gofmt -l cmd probe report; echo 'gofmt: the files above are not formatted'; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

# Every platform that posprobe runs on.
cross:
	@.ci/cross

# The stripped ARM binary against the figure recorded in packaging/size.txt.
size:
	@.ci/size

# Each fuzz target for FUZZTIME (default 5m).
fuzz:
	@.ci/fuzz

# The tests under the race detector; needs a C compiler.
race:
	CGO_ENABLED=1 $(GO) test -race -short ./...

clean:
	rm -rf bin dist
