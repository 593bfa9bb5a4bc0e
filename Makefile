# The front door. `make help` lists what there is; every target sets up what it needs, on a machine that has
# Python 3.11+, git, make and a package index.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Every start of the program would compile it anew, and the tests start it hundreds of times.
export PYTHONDONTWRITEBYTECODE :=

PYTHON  ?=
VENV    ?= .venv
IMAGE   ?= docsfy-action:dev
# One more than cores: some tests wait for a while.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)))
ARGS    ?=

BIN   := $(VENV)/bin
PIP   := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps
LOCKED = $(PIP) --require-hashes --only-binary :all: --requirement

# The environments are stamped with a checksum of what they were made from: git touches the times of unchanged files.
RUNTIME_SUM := $(shell cat requirements/runtime.txt requirements/build.txt pyproject.toml | cksum | tr ' ' -)
DEV_SUM     := $(shell cat requirements/runtime.txt requirements/dev.txt pyproject.toml | cksum | tr ' ' -)
RUNTIME     := $(VENV)/.runtime-$(RUNTIME_SUM)
DEV         := $(VENV)/.dev-$(DEV_SUM)

# An environment whose Python is gone (upgraded, moved) is made anew.
$(shell [ -x $(BIN)/python ] || rm -f $(VENV)/.python $(RUNTIME) $(DEV))

.PHONY: help set-up docs test lint format types layers workflows unit coverage e2e act image browser programs bench generated goldens lock clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

set-up: $(DEV)  ## make the environment; every other target does so by itself
	@:

docs: $(RUNTIME)  ## document this repository with the embedded writer, and say where the site is
	@$(BIN)/docsfy-action --provider builtin $(ARGS)
	@printf '\nThe site: file://%s\n' "$$(pwd)/_docsfy/site/index.html"

test: lint unit  ## lint, types, layers, and the unit, contract and integration tests

lint: format types layers workflows  ## everything that reads the code without running it

format: $(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(DEV)
	@$(BIN)/mypy

layers: $(DEV)
	@$(BIN)/lint-imports

workflows: $(DEV)
	@$(BIN)/python -m tools.generated --check
	@$(BIN)/zizmor --offline --persona pedantic --quiet --config .github/zizmor.yml .github action.yml
	@$(BIN)/zizmor --offline --persona pedantic --quiet --config .github/zizmor-examples.yml examples/*.yml
	@if command -v actionlint >/dev/null; then actionlint && actionlint examples/*.yml; else \
	  echo 'note: actionlint is not on PATH, so only zizmor has read the workflows (CI runs both)'; fi

unit: $(DEV)
	@$(BIN)/pytest -n $(WORKERS) $(ARGS)

coverage: $(DEV)  ## which branches of the rooms without input and output no unit test takes
	@$(BIN)/pytest -n $(WORKERS) tests/unit --cov --cov-report= $(ARGS)
	@$(BIN)/coverage report --include 'docsfy_action/facts/*,docsfy_action/outline/*,docsfy_action/plan/*,docsfy_action/verify/*'

image:  ## build the container image (needs a container engine)
	@docker version >/dev/null 2>&1 || { \
	  echo 'error: no container engine answers `docker version`; start one, or point DOCKER_HOST at one.' >&2; exit 1; }
	docker build --tag $(IMAGE) --build-arg VERSION="$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' docsfy_action/__init__.py)" \
	  --build-arg REVISION="$$(git rev-parse HEAD)" .

e2e: image $(DEV)  ## build the image and run it as a runner would
	@DOCSFY_IMAGE=$(IMAGE) $(BIN)/pytest tests/e2e $(ARGS)

act:  ## run the job of our CI that uses the action as a step, with the program act (needs act and a container engine)
	docker build --tag docsfy-act-runner:local tests/act
	act push --workflows .github/workflows/ci.yml --job step --platform ubuntu-24.04=docsfy-act-runner:local --pull=false \
	  --no-cache-server --container-daemon-socket - --rm

programs: $(DEV)  ## run the real claude, gemini and cache client against servers on loopback
	@$(BIN)/pytest -n $(WORKERS) tests/programs $(ARGS)

browser: $(DEV)  ## look at a built site in Chromium (needs chromium and chromedriver)
	@$(BIN)/pytest tests/browser $(ARGS)

bench: image $(DEV)  ## measure; what each benchmark does stands in benchmarks/
	@$(BIN)/python -m benchmarks.image $(IMAGE)

generated: $(DEV)  ## write action.yml, and the parts of README and workflows that follow from it, anew
	@$(BIN)/python -m tools.generated --write
	@git --no-pager diff --stat -- action.yml README.md .github

goldens: $(DEV)  ## write the expected files of the golden tests anew; read the diff before you commit it
	@$(BIN)/pytest -n $(WORKERS) --update-goldens $(ARGS) || true
	@git --no-pager diff --stat -- tests

lock: $(DEV)  ## resolve the dependencies anew and write requirements/*.txt
	@$(LOCKED) requirements/lock.txt
	@cd requirements && uv() { ../$(BIN)/uv pip compile --quiet --config-file uv.toml --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command 'make lock' --upgrade "$$@"; } && \
	  uv lock.in -o lock.txt && uv build.in -o build.txt && uv runtime.in -o runtime.txt && \
	  uv -c runtime.txt api.in -o api.txt && uv image.in -o image.txt && \
	  uv -c runtime.txt -c build.txt -c api.txt dev.in -o dev.txt
	@git --no-pager diff --stat -- requirements

clean:  ## remove everything that git does not track, the environment included
	git clean -fdX

$(VENV)/.python:
	@python=$$(sh requirements/find-python "$(PYTHON)") && \
	  echo "setting up $(VENV) with $$($$python --version) ..." && $$python -m venv --clear $(VENV) && touch $@

$(RUNTIME): | $(VENV)/.python
	@$(LOCKED) requirements/build.txt
	@$(LOCKED) requirements/runtime.txt
	@$(PIP) --no-build-isolation --editable .
	@rm -f $(VENV)/.runtime-*; touch $@

$(DEV): | $(VENV)/.python
	@$(LOCKED) requirements/dev.txt
	@$(PIP) --no-build-isolation --editable .
	@rm -f $(VENV)/.runtime-* $(VENV)/.dev-*; touch $(RUNTIME) $@
