# Everything a newcomer needs: `make run`, `make test`. Each installs what it needs first,
# into .venv/ here; a second start finds it there.

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 \
	python,$(if $(shell $(name) -c 'import sys; print((3, 11) <= sys.version_info < (3, 15) or "")' \
	2>/dev/null),$(name))))
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input

.PHONY: run demo test soak lint types check evaluate lock clean

# The Discord bot where DISCORD_TOKEN is set, else a chat in the terminal.
run: .venv/run
	@$(BIN)/receipts

# A page that looks like Discord, to try the bot on without an account.
demo: .venv/demo
	@$(BIN)/receipts demo

# On all cores. `.venv/bin/python -m pytest FILE` runs a part, on one.
test: .venv/test
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# The laws that hold for anything, each with a thousand examples; what is killed at any
# moment, many times; 10,000 questions, and three processes in 5,000 servers.
soak: .venv/test
	@SOAK=1 $(BIN)/python -m pytest -m soak --numprocesses auto --dist worksteal

lint: .venv/test
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: .venv/test
	@$(BIN)/pyright

check: .venv/run
	@$(BIN)/receipts check

evaluate: .venv/run
	@$(BIN)/receipts evaluate

.venv/run: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 is needed; none was found."; exit 1; }
	@echo "Setting up in .venv with $(PYTHON), once: about half a minute…" >&2
	@$(PYTHON) -m venv .venv </dev/null || { \
		echo "Python's venv is missing; on Debian: apt install python3-venv" >&2; exit 1; }
	@$(PIP) --require-hashes --requirement requirements.txt </dev/null
	@$(PIP) --no-deps --no-build-isolation --editable . </dev/null
	@touch $@
	@echo "Ready." >&2

# SimCord, which needs only what is there already, as the developers' file pins it.
.venv/demo: .venv/run requirements-dev.txt
	@sed -n '/^simcord==/,/^    #/p' requirements-dev.txt >.venv/demo.txt
	@$(PIP) --require-hashes --no-deps --requirement .venv/demo.txt </dev/null
	@touch $@

.venv/test: .venv/run requirements-dev.txt
	@echo "Installing what the tests need, once: about half a minute…" >&2
	@$(PIP) --require-hashes --requirement requirements-dev.txt </dev/null
	@touch $@

COMPILE := uv pip compile --universal --generate-hashes --python-version 3.11 --no-header

# Pin every dependency again, with hashes, for all platforms. Needs uv.
lock:
	$(COMPILE) pyproject.toml --extra postgresql --group build \
		--output-file requirements.txt
	$(COMPILE) pyproject.toml --extra postgresql --group build --group dev \
		--constraint requirements.txt --output-file requirements-dev.txt
	$(COMPILE) --group meaning \
		--constraint requirements.txt --output-file deploy/sentence-model.txt

clean:
	rm -rf .venv
