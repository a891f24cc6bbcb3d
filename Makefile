# make demo    the example video becomes GLB, BVH, NPZ and a preview
# make app     the page in a browser
# make test    the whole suite, and of what drives the page in a browser a short version
# make test-browser    every tab of the page in Chromium, on a desktop and on a phone
# make docs    the documentation as a site, in outputs/docs
# make figures-check    are the measured figures those of the weights in the package?
# make test-package    build the wheel, install it into an empty environment, capture the example from there
#
# The first of them makes the environment in .venv. PYTHON=... chooses the interpreter (3.11 or 3.12).

VENV   := .venv
RUN    := $(VENV)/bin/python
READY  := $(VENV)/ready
TESTED := $(VENV)/tests-ready
PYTHON ?=

.PHONY: demo app test test-browser test-package figures-check docs style viewer bench clean

demo: $(READY)
	@$(RUN) -m vimo_pipeline.cli capture examples/example.mp4 --out outputs/demo
	@echo
	@echo "Drop a .glb or .bvh into Blender, or open the app with:  make app"

app: $(READY)
	$(RUN) app.py

# One thread a worker: tensors in tests are tiny, and two workers on two cores must not fight for them.
test: $(TESTED)
	OMP_NUM_THREADS=1 $(RUN) -m pytest -n auto --maxprocesses 4 -m "not (browser and slow)"

test-browser: $(TESTED)
	OMP_NUM_THREADS=1 $(RUN) -m pytest -m browser

# PYTHONS="python3.11 python3.12" chooses the interpreters; minutes and some GB for each.
test-package: $(TESTED)
	VIMO_PACKAGE_PYTHONS="$(or $(PYTHONS),$(CURDIR)/$(RUN))" $(RUN) -m pytest tests/test_package.py

# Ruff, of the tests, lays out signatures; the variable silences mkdocs-material's advice to move elsewhere.
docs: $(TESTED)
	$(RUN) -m pip install --disable-pip-version-check --quiet -e ".[docs]"
	NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --strict

style: $(TESTED)
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

viewer:
	cd vimo_pipeline/ui/components/viewer && npm ci && npm run build

bench: $(READY)
	$(RUN) benchmarks/speed.py
	$(RUN) benchmarks/accuracy.py

figures-check: $(READY)
	@$(RUN) scripts/make_model_card.py --check

clean:
	rm -rf $(VENV) outputs

# `ready` is written last: an environment without it was given up half-way and is made anew.
$(READY): requirements.txt pyproject.toml
	@test -e $(READY) && $(RUN) -c "" || { $(find_python); \
	  echo "Making the environment in $(VENV) with $$python: some 2.6 GB, one to five minutes"; \
	  "$$python" -m venv --clear $(VENV); }
	@$(RUN) -m pip install --disable-pip-version-check -r requirements.txt -e .
	@touch $(READY)

$(TESTED): $(READY)
	@$(RUN) -m pip install --disable-pip-version-check --quiet -e ".[test]"
	@touch $(TESTED)

# A name may stand in PATH and yet not run (pyenv's shims), so each is asked for its version.
define find_python
for python in $(or $(PYTHON),python3.11 python3.12 python3 python) ""; do \
  "$$python" -c "import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))" 2>/dev/null && break; \
done; \
test -n "$$python" || { echo "ViMo needs Python 3.11 or 3.12 with its venv module (on Debian: apt install python3-venv);" \
  "none was found. Install one, or name it: make demo PYTHON=/path/to/python3.11" >&2; exit 1; }
endef
