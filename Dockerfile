# The broker alone, without a shell of its own tools: what it writes is under /var/lib/relais.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY apps ./apps
COPY libs ./libs
COPY contracts ./contracts
# the image already is Node 24: the copy that npm brings for older machines stays behind
RUN npm run -s build && npm prune --omit=dev && rm -rf node_modules/node

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production RELAIS_HOME=/var/lib/relais RELAIS_HOST=0.0.0.0
# a large buffer goes back to the system when it is let go
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072
RUN install -d -o node -g node /var/lib/relais
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/contracts ./contracts
COPY --from=build /app/dist ./dist
USER node
VOLUME /var/lib/relais
EXPOSE 8443 8444
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/health/ready').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=100", "dist/apps/broker/src/main.js"]
