# The video services' programs for the browser: fetched here, checked byte for byte by the next stage.
FROM node:22-slim AS packages
WORKDIR /packages
RUN npm pack --ignore-scripts --silent \
    @cloudflare/realtimekit@2.0.2 \
    @cloudflare/realtimekit-ui@2.0.2 \
    @dytesdk/web-core@3.1.11 \
    @dytesdk/ui-kit@3.0.8


FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/greenroom
COPY pyproject.toml README.md LICENSE manifest.yml ./
COPY bot bot
COPY handlers handlers
COPY playground playground
RUN /opt/greenroom/bin/pip install --no-cache-dir --disable-pip-version-check .
COPY --from=packages /packages /packages
RUN /opt/greenroom/bin/greenroom sdk install --from /packages --into /opt/greenroom-sdk


FROM python:3.12-slim
COPY --from=build /opt/greenroom /opt/greenroom
COPY --from=build /opt/greenroom-sdk /opt/greenroom-sdk
RUN useradd --system --uid 10001 --home-dir /nonexistent --no-create-home greenroom \
    && install --directory --owner greenroom --group greenroom --mode 0700 /data
# /data holds the embedded Redis, for a deployment that sets no REDIS_URL; 0.0.0.0 because the container is the fence.
ENV PATH=/opt/greenroom/bin:$PATH \
    HOST=0.0.0.0 \
    PORT=3000 \
    SDK_DIR=/opt/greenroom-sdk \
    XDG_DATA_HOME=/data \
    PYTHONDONTWRITEBYTECODE=1
VOLUME /data
WORKDIR /data
USER greenroom
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT') or 3000}/healthz\", timeout=4)"]
CMD ["greenroom"]
