# make run: the default workflow. make test: everything that is checked.
PYTHON ?= python3
CORES  ?= 2
VENV   := .venv
BIN    := $(VENV)/bin
export PYTHONNOUSERSITE := 1

.PHONY: run test lint benchmark archive clean

run: $(VENV)/run.stamp
	$(BIN)/snakemake --cores $(CORES)

benchmark: $(VENV)/run.stamp
	$(BIN)/snakemake --cores 1 benchmark
	$(BIN)/snakemake --cores $(CORES)

archive: $(VENV)/run.stamp
	$(BIN)/snakemake --cores $(CORES) archive

# one thread for each worker: more get in each other's way
test: export OMP_NUM_THREADS := 1
test: export OPENBLAS_NUM_THREADS := 1
test: lint
	$(BIN)/python -m pytest --numprocesses $(CORES) --dist loadfile --no-loadscope-reorder

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow/rules
	$(BIN)/snakemake --lint

clean:
	rm -rf results logs .snakemake

$(VENV)/run.stamp: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	touch $@
