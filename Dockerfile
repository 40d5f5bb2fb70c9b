FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /opt/portico \
 && /opt/portico/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY mappings mappings
RUN /opt/portico/bin/pip wheel --no-cache-dir --no-deps --wheel-dir /build/dist . \
 && /opt/portico/bin/pip install --no-cache-dir --no-deps /build/dist/portico-*.whl

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /var/lib/portico --shell /usr/sbin/nologin portico
COPY --from=build /opt/portico /opt/portico
ENV PATH=/opt/portico/bin:$PATH \
    PYTHONUNBUFFERED=1
# The demo lets in everybody who reaches its ports. It holds made-up patients only; never set this
# where a connection leads to real ones.
ENV PORTICO_ALLOW_OPEN_ACCESS=true
USER 10001
WORKDIR /var/lib/portico
EXPOSE 8000 8001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["python", "-c", \
  "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=2)"]
ENTRYPOINT ["portico"]
CMD ["demo", "--host", "0.0.0.0"]
