# Two commands need nothing but Python 3.11 and make: `make demo` and `make test`.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
REQUIREMENTS := requirements/core.txt
READY := $(VENV)/.ready-core
READY_TEST := $(VENV)/.ready-test
READY_DOCS := $(VENV)/.ready-docs

.PHONY: setup demo test lint docs bench calibrate pictures messages lock clean

setup: $(READY)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(READY): $(VENV)/bin/python requirements/core.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/core.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(READY_TEST): $(READY) requirements/test.txt requirements/spreadsheets.txt requirements/pdf.txt requirements/photos.txt requirements/texts.txt requirements/nlp.txt requirements/people.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/test.txt -r requirements/spreadsheets.txt -r requirements/pdf.txt -r requirements/photos.txt -r requirements/texts.txt -r requirements/nlp.txt -r requirements/people.txt
	@touch $@

$(READY_DOCS): $(READY) requirements/docs.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/docs.txt
	@touch $@

# `check` answers 1 where something cannot be true, which is an answer and not a failure.
demo: $(READY)
	@$(BIN)/pollwitness describe examples/belarus-2020
	@echo
	@$(BIN)/pollwitness check examples/belarus-2020 --findings build/findings.json || test $$? -eq 1
	@echo
	@echo "A report of it, and one of a simulated national election with a planted manipulation:"
	@$(BIN)/pollwitness report examples/belarus-2020 -o build/report-belarus-2020 --language en --language be --language ru
	@rm -rf build/simulated-national
	@$(BIN)/pollwitness simulate build/simulated-national --plan examples/simulated-national/plan.toml --seed 2020
	@$(BIN)/pollwitness report build/simulated-national/case -o build/report-simulated-national
	@echo
	@echo "What an article claims, against this evidence; nothing is kept:"
	@$(BIN)/pollwitness read examples/articles/after-the-vote.html --against examples/belarus-2020
	@echo
	@echo "The same article kept in a copy of the case, decided on by a person (here from a file), and marked up:"
	@rm -rf build/with-article
	@cp -r examples/belarus-2020 build/with-article
	@$(BIN)/pollwitness read examples/articles/after-the-vote.html --into build/with-article --publisher "An invented paper" --licence CC0-1.0 | tail -n 2
	@$(BIN)/pollwitness claims review build/with-article --decisions examples/articles/decisions.json
	@$(BIN)/pollwitness report build/with-article -o build/report-with-article
	@echo
	@echo "How many people were killed in Kosovo in 1999, those on none of four lists too: a spread, never one number:"
	@$(BIN)/pollwitness detentions estimate --histories examples/lists/kosovo-1999.csv
	@echo
	@echo "The same case sealed with a throwaway key, verified, and computed again:"
	@rm -rf build/sealed
	@mkdir -p build/sealed
	@cp -r examples/belarus-2020 build/sealed/case
	@od -An -N16 -tx1 /dev/urandom | tr -d ' \n' > build/sealed/passphrase
	@$(BIN)/pollwitness evidence keygen build/sealed/log.key --name example.org/throwaway --passphrase-file build/sealed/passphrase
	@$(BIN)/pollwitness seal build/sealed/case -o build/sealed/bundle --key build/sealed/log.key --passphrase-file build/sealed/passphrase
	@printf 'log %s\nquorum none\n' "$$(cat build/sealed/log.key.pub)" > build/sealed/keys
	@$(BIN)/pollwitness verify build/sealed/bundle --trust build/sealed/keys --recompute
	@if command -v xxd >/dev/null && command -v openssl >/dev/null; then sh build/sealed/bundle/verify.sh build/sealed/keys; fi
	@echo
	@echo "What to look at next:"
	@echo "  build/report-belarus-2020/index.html         open it in a browser"
	@echo "  build/report-with-article/articles/after-the-vote.html"
	@echo "  build/report-simulated-national/index.html   5,767 stations; the truth is in build/simulated-national/truth"
	@echo "  $(BIN)/pollwitness explain examples/belarus-2020 cec-minsk-region-tikhanovskaya-votes"
	@echo "  build/findings.json     every finding, for machines"
	@echo "  build/sealed/bundle     a bundle; its VERIFY.txt says how a stranger checks it"
	@echo "  docs/tutorial.md        from an empty folder to a verdict"

test: $(READY_TEST)
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term:skip-covered
	$(BIN)/python tests/coverage_floor.py

lint: $(READY_TEST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(READY_DOCS)
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: $(READY_TEST)
	$(BIN)/python benchmarks/run.py

# Writes the tables and charts of docs/methods/calibration.md; about half an hour.
calibrate: $(READY_TEST)
	$(BIN)/python calibration/run.py
	$(BIN)/python calibration/samples.py
	$(BIN)/python calibration/linkage.py
	$(BIN)/python calibration/lists.py

# Draws the pictures of the method pages of rung 3; needs the reference data; about two minutes.
pictures: $(READY_TEST)
	$(BIN)/python docs/pictures.py

# Brings the catalogues of translations up to date with the texts in the code.
messages: $(READY)
	$(BIN)/python -m translations.messages

lock: $(READY_TEST)
	$(BIN)/python requirements/lock.py

clean:
	rm -rf $(VENV) build docs/_build docs/reference/generated
