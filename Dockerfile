# penstock as an image: mount a repository at /repo and name what to check.
#   docker build --tag penstock . && docker run --rm --volume "$PWD:/repo:ro" penstock check
FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /opt/penstock && /opt/penstock/bin/pip install --no-cache-dir --disable-pip-version-check .

FROM python:3.13-slim
COPY --from=build /opt/penstock /opt/penstock
# penstock only reads; an id without a name or a home cannot own what it is given to read.
USER 65532:65532
WORKDIR /repo
ENTRYPOINT ["/opt/penstock/bin/penstock"]
CMD ["check"]
