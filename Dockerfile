# A static program and nothing else. Mount the folder with the documents at /work:
#   docker run --rm --network none -v "$PWD:/work:ro" mcpsentry audit openapi.json
FROM rust:1.95-alpine AS build
# What the linker needs for a static program. Alpine keeps no old versions that could be asked for.
# hadolint ignore=DL3018
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY . .
RUN cargo build --release --locked

FROM scratch
COPY --from=build /src/target/release/mcpsentry /usr/bin/mcpsentry
COPY --from=build /src/LICENSE /usr/share/doc/mcpsentry/LICENSE
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/bin/mcpsentry"]
