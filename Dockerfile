# Two images from one build: --target operator and --target runtime. Each holds its program, the libraries that it loads
# and the certificates of the authorities that the build stage trusts: no shell and no package manager. What goes in is
# made, and tested, without a container engine by `make rootfs`. Both run as an ordinary user on a read-only root.
#
# The build stage is of the architecture that is built for (x64 or arm64), because the libraries beside the program are its
# own; TARGETARCH, which the engine sets, is checked against it. Without an engine that sets it the machine's own counts.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
RUN apt-get update && apt-get install -y --no-install-recommends npm make ca-certificates openssl && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN [ "${TARGETARCH:-$(dpkg --print-architecture)}" = "$(dpkg --print-architecture)" ] && make rootfs

FROM scratch AS operator
LABEL org.opencontainers.image.title="sluice-operator" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /src/artifacts/rootfs/operator /
USER 65532:65532
WORKDIR /app
ENTRYPOINT ["/app/sluice-operator"]
CMD ["run"]

FROM scratch AS runtime
LABEL org.opencontainers.image.title="sluice-runtime" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /src/artifacts/rootfs/runtime /
USER 65532:65532
WORKDIR /app
ENTRYPOINT ["/app/sluice-runtime"]
CMD ["serve"]

# For the integration suite on a cluster that has no other storage.
FROM runtime AS runtime-test
COPY tests/Models /models
