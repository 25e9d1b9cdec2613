# The commands a user or developer types; the build itself is CMake (CMakePresets.json).
PRESET ?= release
BUILD := build/$(PRESET)
JOBS ?= $(shell nproc)
SAMPLE := data/nirspec_fs_sample
CACHE := $(shell command -v ccache >/dev/null 2>&1 && echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)

.PHONY: all packages configure build demo test slurm-test bench soak interop fuzz asan tsan tidy install clean

all: build

packages:
	@sh scripts/install_packages.sh

$(BUILD)/build.ninja: | packages
	cmake --preset $(PRESET) $(CACHE)

build: $(BUILD)/build.ninja
	cmake --build $(BUILD) -j $(JOBS)

## Set up everything and run the sample.
demo: $(BUILD)/build.ninja
	cmake --build $(BUILD) -j $(JOBS) --target spec2
	sh scripts/run_sample.sh $(BUILD)/spec2

## Build and pass all tests.
test: build
	python3 scripts/check_includes.py
	python3 scripts/check_sizes.py
	ctest --test-dir $(BUILD) -LE interop -j $(JOBS) --output-on-failure

## Batches under a real Slurm of its own on this machine (root; installs packages-slurm.txt).
slurm-test: $(BUILD)/build.ninja
	cmake --build $(BUILD) -j $(JOBS) --target spec2
	sh scripts/slurm_test.sh $(BUILD)/spec2

## Kernels, and whole runs against an I/O-only copy and (PEER=/path/to/venv) the peer; fails when a target is missed.
bench: $(BUILD)/build.ninja
	cmake --preset $(PRESET) $(CACHE) -DSPEC2_BUILD_BENCHMARKS=ON
	cmake --build $(BUILD) -j $(JOBS) --target spec2 bench_kernels io_copy repeat_integrations
	$(BUILD)/tests/benchmarks/bench_kernels
	python3 tests/benchmarks/whole_process.py $(BUILD)/spec2 $(BUILD)/tests/benchmarks/io_copy
	python3 tests/benchmarks/time_series.py $(BUILD)/spec2 $(BUILD)/tests/benchmarks/repeat_integrations

## Many members in one process, SOAK_EXPOSURES of all modes among them: memory must not grow.
SOAK_EXPOSURES ?= 1000
soak: build
	SPEC2_SOAK_EXPOSURES=$(SOAK_EXPOSURES) ctest --test-dir $(BUILD) -L soak --output-on-failure --verbose

asan tsan:
	$(MAKE) PRESET=$@ test

## Products read by the peer and its users' packages: in the venv PEER=/path/to/venv, or in one made under build/ (network).
interop: build
	@test -n "$(PEER)" || test -x build/interop/bin/pytest || { python3 -m venv build/interop && build/interop/bin/pip install -q -r tests/interop/requirements.txt; }
	cmake --preset $(PRESET) $(CACHE) -DSPEC2_INTEROP_PYTHON=$(abspath $(or $(PEER),build/interop))/bin/python
	sh scripts/unpack_sample.sh
	ctest --test-dir $(BUILD) -L interop --output-on-failure --verbose

## What parses files of others, FUZZ_SECONDS each (libFuzzer of clang).
FUZZ_SECONDS ?= 60
fuzz: packages
	cmake --preset fuzz $(CACHE)
	cmake --build build/fuzz -j $(JOBS) --target fuzz_mapping fuzz_configobj fuzz_association fuzz_asdf fuzz_fits
	sh tests/fuzz/fuzz.sh build/fuzz $(FUZZ_SECONDS)

## Mistakes that compilers let pass, by clang-tidy (.clang-tidy); nothing is built.
tidy: $(BUILD)/build.ninja
	run-clang-tidy-16 -p $(BUILD) -j $(JOBS) -quiet '^$(CURDIR)/(core|wcs|datamodels|steps|pipeline)/.*\.cpp$$'

## Program, library and headers under PREFIX.
install: build
	cmake --install $(BUILD) $(if $(PREFIX),--prefix $(PREFIX))

clean:
	rm -rf build
