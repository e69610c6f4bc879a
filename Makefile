.DEFAULT_GOAL := help
SHELL := /bin/bash
CONFIGURATION ?= Release
DOTNET ?= dotnet
RID ?= linux-$(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x64)
BIN := artifacts/bin
TOOLS := artifacts/tools
STORES := tests/tools/storage/node_modules
OTLP := tests/tools/otlp/node_modules
SBOM := tests/tools/sbom/node_modules
REGISTRY ?=
TAG ?= 0.1.0
ARCHITECTURES := amd64 arm64
IMAGES := $(if $(REGISTRY),$(REGISTRY)/)
PROGRAMS := operator/Plugin/Sluice.Plugin.csproj operator/Operator/Sluice.Operator.csproj inference-runtime/Runtime/Sluice.Runtime.csproj local-cluster/Sluice.LocalCluster.csproj
SOURCES := $(shell find operator inference-runtime local-cluster -name '*.cs' -o -name '*.csproj' | grep -v node_modules) \
	Directory.Build.props Directory.Build.targets Directory.Packages.props
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

help: ## Show what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n",$$1,$$2}' $(MAKEFILE_LIST)

build: ## Compile everything; warnings are errors
	$(DOTNET) build Operator.sln -c $(CONFIGURATION) -v q

test: build publish tools ## Run all tests but the benchmarks, the integration suite on the local cluster included
	CONFIGURATION=$(CONFIGURATION) tests/run

simulate: ## Random schedules against the rollout planner: N=1000000, or SIMULATE_REPLAY=… as a failure printed it
	$(DOTNET) build tests/Rollouts.Tests -c $(CONFIGURATION) -v q
	SIMULATE=$(or $(N),100000) $(DOTNET) test artifacts/bin/Sluice.Rollouts.Tests/$(shell echo $(CONFIGURATION) | tr A-Z a-z)/Sluice.Rollouts.Tests.dll --nologo --filter Simulation

gates: publish tools ## Good and bad versions through the gates, as tables: simulated, N=1000 good ones and half as many of each bad one; and bad ones for real
	$(DOTNET) build tests/Rollouts.Tests -c $(CONFIGURATION) -v q
	$(DOTNET) build tests/Integration -c $(CONFIGURATION) -v q
	GATES=$(or $(N),1000) $(DOTNET) test artifacts/bin/Sluice.Rollouts.Tests/$(shell echo $(CONFIGURATION) | tr A-Z a-z)/Sluice.Rollouts.Tests.dll --nologo --filter GateSimulation --logger "console;verbosity=detailed" | grep -E '^ *\||Passed|Failed|Expected'
	rm -f artifacts/test/measured/Integration.txt
	$(DOTNET) test artifacts/bin/Sluice.Integration/$(shell echo $(CONFIGURATION) | tr A-Z a-z)/Sluice.Integration.dll --nologo --filter BadModelTests | grep -E 'Passed|Failed|Expected'
	sed -n 's/^measured: bad model: \(.*\)/| \1 |/p' artifacts/test/measured/Integration.txt | sort

demo: publish ## A cluster on this machine, a model, predictions, a canary (DEMO=once ends by itself)
	@$(MAKE) -s stores || echo "s3rver cannot be installed here: the demo goes on without S3"
	$(BIN)/sluice-local demo $(if $(filter once,$(DEMO)),--once)

integration: build publish tools ## The integration suite: SLUICE_TEST_KUBECONFIG or KUBEBUILDER_ASSETS choose a real server
	CONFIGURATION=$(CONFIGURATION) tests/run Integration

conformance: build publish ## ONNX's own test models over every transport (Debian's libonnx-testdata)
	CONFIGURATION=$(CONFIGURATION) tests/run Conformance

bench: publish ## Measure the runtime against its floors and peers, side by side
	$(DOTNET) run --project tests/Benchmarks -c Release

crds: ## Write crds/*.yaml and docs/reference from the C# types
	$(DOTNET) run --project crds/generator -c $(CONFIGURATION) -- write .

golden: build publish tools ## Rewrite the golden files of the tests, for review in the diff
	UPDATE_GOLDEN=1 CONFIGURATION=$(CONFIGURATION) tests/run Operator.Tests Delivery.Tests Plugin.Tests

lint: ## Check what the compiler's analyzers do not see: white space at line ends, shell scripts
	! git grep -nIE '[[:blank:]]+$$' -- ':!*.md' ':!tests/**/Golden/**' ':!tests/**/Samples/**'
	bash -n .ci/run tests/run tests/tools/install

publish: $(BIN)/.published ## Self-contained, trimmed single files: artifacts/bin/{sluice-operator,sluice-runtime,sluice-local,kubectl-sluice}

$(BIN)/.published: $(SOURCES)
	@for p in $(PROGRAMS); do \
	  echo "publishing $$(basename $$p .csproj) for $(RID)…"; \
	  $(DOTNET) publish $$p -c Release -r $(RID) -v q -p:DebugType=none -o $(BIN)/.publish || exit 1; \
	done
	@mv -f $(BIN)/.publish/sluice-operator $(BIN)/.publish/sluice-runtime $(BIN)/.publish/sluice-local $(BIN)/.publish/kubectl-sluice $(BIN)/.publish/libonnxruntime.so.1 $(BIN)/
	@rm -rf $(BIN)/.publish && touch $@
	@ls -sh1 $(BIN)/sluice-* $(BIN)/kubectl-sluice $(BIN)/libonnxruntime.so.1

tools: $(TOOLS)/.stamp $(OTLP)/.package-lock.json $(SBOM)/.package-lock.json stores ## kubectl, helm, object stores, a receiver of telemetry, CycloneDX: as pinned, for the tests

$(TOOLS)/.stamp: tests/tools/package-lock.json
	tests/tools/install $(TOOLS)

stores: $(STORES)/.package-lock.json ## s3rver and Azurite, as pinned: S3 and Azure for the demo and the tests

$(STORES)/.package-lock.json: tests/tools/storage/package-lock.json
	npm ci --prefix tests/tools/storage --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(OTLP)/.package-lock.json: tests/tools/otlp/package-lock.json
	npm ci --prefix tests/tools/otlp --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(SBOM)/.package-lock.json: tests/tools/sbom/package-lock.json
	npm ci --prefix tests/tools/sbom --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

rootfs: publish ## What the two images hold: artifacts/rootfs/{operator,runtime}
	config/image/rootfs artifacts/rootfs/operator $(BIN)/sluice-operator
	config/image/rootfs artifacts/rootfs/runtime $(BIN)/sluice-runtime $(BIN)/libonnxruntime.so.1

sbom: rootfs ## What the two images are made of, from the lock files, in CycloneDX: artifacts/sbom/{operator,runtime}.cdx.json
	@mkdir -p artifacts/sbom
	@dotnet=$$($(DOTNET) msbuild operator/Operator -getProperty:BundledNETCoreAppPackageVersion) && for image in operator runtime; do \
	  node config/image/sbom.mjs $$image $$dotnet $(RID) artifacts/rootfs/$$image >artifacts/sbom/$$image.cdx.json || exit 1; \
	done
	@ls -sh1 artifacts/sbom/*

image: ## Build the two container images as $(REGISTRY)/NAME:$(TAG) (needs a container engine)
	docker build --target operator -t $(IMAGES)sluice-operator:$(TAG) .
	docker build --target runtime -t $(IMAGES)sluice-runtime:$(TAG) .

image-test: ## The runtime's image with the models of the tests in /models
	docker build --target runtime-test -t $(IMAGES)sluice-runtime-test:$(TAG) .

push: image ## Push the two images
	docker push $(IMAGES)sluice-operator:$(TAG)
	docker push $(IMAGES)sluice-runtime:$(TAG)

manifest: ## Join what was pushed as $(TAG)-amd64 and $(TAG)-arm64 to images of both architectures, called $(TAG)
	for i in sluice-operator sluice-runtime; do \
	  docker buildx imagetools create -t $(IMAGES)$$i:$(TAG) $(foreach a,$(ARCHITECTURES),$(IMAGES)$$i:$(TAG)-$(a)) || exit 1; \
	done

chart: tools ## Pack the Helm chart with version $(TAG): artifacts/chart/sluice-$(TAG).tgz
	$(TOOLS)/helm package charts/sluice --version $(TAG) --app-version $(TAG) --destination artifacts/chart

clean: ## Remove everything that was built
	rm -rf artifacts inference-runtime/Onnx/native/node_modules tests/tools/node_modules tests/tools/storage/node_modules $(OTLP) $(SBOM) \
	  tests/Runtime.Tests/Grpc/client/node_modules tests/Conformance/node/node_modules

.PHONY: help build test simulate gates demo integration conformance bench crds golden lint publish tools stores rootfs sbom image image-test push manifest chart clean
