# Images of the worker, the `onboard` command, the codec server and the simulator. One file, one target each:
#   docker build --target worker -t scim-onboarding-worker .

FROM node:24-bookworm-slim AS base
# The Temporal client is native code and takes its TLS roots from the system, which slim images leave out.
RUN test -s /etc/ssl/certs/ca-certificates.crt \
    || (apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*)
WORKDIR /app

# The manifests alone: the installs below are cached until one of them changes.
FROM base AS manifests
COPY package.json package-lock.json ./
COPY packages/audit-log/package.json packages/audit-log/
COPY packages/genesys-simulator/package.json packages/genesys-simulator/
COPY packages/onboarding-client/package.json packages/onboarding-client/
COPY packages/onboarding-contract/package.json packages/onboarding-contract/
COPY packages/payload-encryption/package.json packages/payload-encryption/
COPY packages/roster/package.json packages/roster/
COPY packages/tracing/package.json packages/tracing/
COPY packages/scim-core/package.json packages/scim-core/
COPY packages/temporal-connection/package.json packages/temporal-connection/
COPY apps/demo/package.json apps/demo/
COPY apps/starter/package.json apps/starter/
COPY apps/worker/package.json apps/worker/
COPY examples/package.json examples/

# No dependency needs its install script (see `allowScripts`), and `prepare` sets up git hooks, which an image has not.
FROM manifests AS deps
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM deps AS build
# Build id of versioned workers: docker build --build-arg SOURCE_COMMIT=$(git rev-parse --short=12 HEAD)
ARG SOURCE_COMMIT
COPY . .
# What the images need, without sources: /out/{packages,apps}/*/dist and the example definitions.
RUN npm run build \
    && mkdir -p /out/examples \
    && cp -r --parents packages/*/dist apps/*/dist /out/ \
    && (cp examples/*.json /out/examples/ && rm -f /out/examples/package.json /out/examples/tsconfig*.json /out/examples/turbo.json)

FROM manifests AS worker-deps
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace @scim-onboarding/worker --include-workspace-root

FROM manifests AS starter-deps
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace @scim-onboarding/starter --include-workspace-root

FROM manifests AS simulator-deps
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace @scim-onboarding/genesys-simulator

FROM manifests AS codec-server-deps
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace @scim-onboarding/payload-encryption

FROM base AS runtime
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
STOPSIGNAL SIGTERM

# Does the work. Settings: docs/configuration.md. Stop it with more time than its own grace period (30 s).
FROM runtime AS worker
COPY --from=worker-deps /app ./
COPY --from=build /out/packages ./packages
COPY --from=build /out/apps/worker ./apps/worker
# A volume that is mounted here takes over the owner.
RUN mkdir /data && chown node:node /data
USER node
ENV WORKER_HEALTH_HOST=0.0.0.0 WORKER_HEALTH_PORT=8081
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WORKER_HEALTH_PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# V8 takes what it may: without a bound garbage of hundreds of megabytes stands beside a hundred that is in use.
CMD ["node", "--max-old-space-size=192", "apps/worker/dist/main.js"]

# The `onboard` command: docker run --rm <image> status <workflow id>
FROM runtime AS starter
COPY --from=starter-deps /app ./
COPY --from=build /out/packages ./packages
COPY --from=build /out/apps/starter ./apps/starter
COPY --from=build /out/examples ./examples
USER node
HEALTHCHECK NONE
ENTRYPOINT ["node", "apps/starter/dist/main.js"]

# Decrypts for the Temporal UI. Settings and what may reach it: docs/encryption.md.
FROM runtime AS codec-server
COPY --from=codec-server-deps /app ./
COPY --from=build /out/packages/payload-encryption ./packages/payload-encryption
USER node
EXPOSE 8888
# Any answer will do: without a token it is 401, and a GET is none of its requests.
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s --retries=6 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.CODEC_SERVER_PORT || 8888}/decode`).then(() => process.exit(0), () => process.exit(1))"]
CMD ["node", "packages/payload-encryption/dist/main.js"]

# Stands in for Genesys Cloud and the HRIS when trying things out. Not for production.
FROM runtime AS simulator
COPY --from=simulator-deps /app ./
COPY --from=build /out/packages/scim-core ./packages/scim-core
COPY --from=build /out/packages/genesys-simulator ./packages/genesys-simulator
USER node
ENV SIMULATOR_HOST=0.0.0.0 SIMULATOR_PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=15s --retries=6 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SIMULATOR_PORT}/_simulator/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "packages/genesys-simulator/dist/main.js"]
