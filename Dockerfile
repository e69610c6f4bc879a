# Two images from one build: --target operator and --target runtime. Both run as an ordinary user on a read-only root.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH=amd64
RUN apt-get update && apt-get install -y --no-install-recommends npm make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make publish RID=linux-$(if [ "$TARGETARCH" = arm64 ]; then echo arm64; else echo x64; fi)

# glibc and libstdc++, which ONNX Runtime's library needs, and no shell.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled AS base
USER 65532:65532
WORKDIR /app

FROM base AS operator
LABEL org.opencontainers.image.title="sluice-operator" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /src/artifacts/bin/sluice-operator /app/
ENTRYPOINT ["/app/sluice-operator"]
CMD ["run"]

FROM base AS runtime
LABEL org.opencontainers.image.title="sluice-runtime" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /src/artifacts/bin/sluice-runtime /src/artifacts/bin/libonnxruntime.so.1 /app/
ENTRYPOINT ["/app/sluice-runtime"]
CMD ["serve"]

# For the integration suite on a cluster that has no other storage.
FROM runtime AS runtime-test
COPY tests/Models /models
