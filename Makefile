# make run: the default workflow. make test: everything that is checked.
PYTHON ?= python3
CORES  ?= 2
VENV   := .venv
BIN    := $(VENV)/bin
export PYTHONNOUSERSITE := 1
# every process of a run would compile our modules again
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run study preview check-method test unit lint docs coverage benchmark ledger pages archive clean

run: $(VENV)/run.stamp
	$(BIN)/snakemake --cores $(CORES)

# make study NAME=mine: a study of your own beside config.yaml, which runs
study: $(VENV)/run.stamp
	@PYTHONPATH=workflow/scripts $(BIN)/python -m seedbed.core.code.new_study "$$NAME"

# make check-method METHOD=my_methods:MyClustering [STUDY=clustering]: a class of your own against what its study asks
check-method: export PYTHONHASHSEED := 0
check-method: $(VENV)/run.stamp
	@PYTHONPATH=workflow/scripts $(BIN)/python -m seedbed.core.method_check "$$METHOD" "$$STUDY"

# make preview FILE=data/mine.csv: what is understood of a table of yours, and a config to paste
preview: $(VENV)/run.stamp
	@PYTHONPATH=workflow/scripts $(BIN)/python -m seedbed.user_data.preview "$$FILE"

benchmark: $(VENV)/run.stamp
	$(BIN)/snakemake --cores 1 benchmark
	$(BIN)/snakemake --cores $(CORES)

archive: $(VENV)/run.stamp
	$(BIN)/snakemake --cores $(CORES) archive

# the registered run, hours, and docs/ledger with what it found; it goes on where it was stopped
ledger: $(VENV)/run.stamp
	$(BIN)/snakemake --cores 1 benchmark --configfile config/ledger.yaml
	$(BIN)/snakemake --cores $(CORES) --configfile config/ledger.yaml
	PYTHONPATH=workflow/scripts $(BIN)/python -m seedbed.report.publishing --run results

# what is generated: config/README.md, docs/studies, the pages of docs/ledger, the findings in README.md
pages: $(VENV)/run.stamp
	PYTHONPATH=workflow/scripts $(BIN)/python -m seedbed.core.commands.config_manual > config/README.md
	PYTHONPATH=workflow/scripts $(BIN)/python -m seedbed.core.commands.study_manual docs/studies
	PYTHONPATH=workflow/scripts $(BIN)/python -m seedbed.report.publishing

# one thread for each worker: more get in each other's way
test unit coverage: export OMP_NUM_THREADS := 1
test unit coverage: export OPENBLAS_NUM_THREADS := 1
PYTEST = $(BIN)/python -m pytest --numprocesses $(CORES) --dist loadfile --no-loadscope-reorder

test: lint
	$(PYTEST)

# no run of Snakemake, no Slurm, no browser
unit: $(VENV)/dev.stamp
	$(PYTEST) -m "unit and not slow" tests/unit

coverage: $(VENV)/dev.stamp
	$(BIN)/coverage run -m pytest -q tests/unit
	$(BIN)/coverage report --sort=cover --skip-covered

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --project . --pythonpath $(BIN)/python
	$(BIN)/snakefmt --check Snakefile workflow/rules
	$(BIN)/codespell --skip ".venv,.git,.snakemake,results,logs,.hypothesis" .
	$(BIN)/snakemake --lint

# the site, in build/site; a warning is an error
docs: $(VENV)/dev.stamp
	OMP_NUM_THREADS=1 $(BIN)/python docs/website/build.py build/site

clean:
	rm -rf results logs .snakemake

$(VENV)/run.stamp: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	touch $@
