.DEFAULT_GOAL := help
SHELL := /bin/bash
CONFIGURATION ?= Release
DOTNET := dotnet
RID ?= linux-$(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x64)
TEST := tests/run

help: ## What can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n",$$1,$$2}' $(MAKEFILE_LIST)

build: ## Compile everything; warnings are errors
	$(DOTNET) build Operator.sln -c $(CONFIGURATION) --nologo -v q

crds: ## Write crds/*.yaml from the C# types
	$(DOTNET) run --project crds/generator -c $(CONFIGURATION) -- write .

clean: ## Remove everything that was built
	rm -rf artifacts inference-runtime/Onnx/native/node_modules

.PHONY: help build crds clean
