# The action's image. The release passes BASE with a digest, VERSION and REVISION.
ARG BASE=debian:trixie-slim

# --- what the program needs at run time: Python, TLS roots, and the libraries of git's https transport ------------------
FROM ${BASE} AS runtime
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libcurl3t64-gnutls python3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/* /usr/share/doc/* /usr/share/man/* \
        /usr/lib/python3.13/test /usr/lib/python3.13/pydoc_data

# --- what only the build needs ------------------------------------------------------------------------------------------
FROM runtime AS build
SHELL ["/bin/bash", "-o", "errexit", "-o", "pipefail", "-c"]
RUN apt-get update && apt-get install --yes --no-install-recommends python3-pip

# Debian's git depends on all of perl and carries every builtin's siblings. The action reads, clones, fetches and pushes:
# git itself, its http(s) helper, and the two names under which a transport calls it. Image scanners read status.d.
WORKDIR /git
RUN apt-get download git \
    && dpkg-deb --extract git_*.deb tree \
    && mkdir -p usr/bin usr/lib/git-core usr/share/git-core/templates var/lib/dpkg/status.d \
    && cp tree/usr/bin/git usr/bin/git \
    && cp tree/usr/lib/git-core/git-remote-http usr/lib/git-core/ \
    && ln -s git-remote-http usr/lib/git-core/git-remote-https \
    && for name in git git-upload-pack git-receive-pack git-upload-archive; do ln -s ../../bin/git usr/lib/git-core/$name; done \
    && dpkg-deb --field git_*.deb > var/lib/dpkg/status.d/git \
    && rm -r tree git_*.deb

# Wheels only, each checked against its hash: nothing of the packages runs during the build.
WORKDIR /action
COPY requirements/runtime.txt requirements/api.txt requirements/image.txt /build/
RUN python3 -m venv --without-pip /action \
    && python3 -m pip --python /action/bin/python3 install --no-deps --require-hashes --only-binary :all: \
        --no-compile --no-cache-dir --disable-pip-version-check --root-user-action ignore \
        --requirement /build/runtime.txt --requirement /build/api.txt --requirement /build/image.txt \
    && find bin -mindepth 1 ! -name 'python*' -delete

# Byte code that names its source by hash and is never checked again: every start finds it, and the same source gives
# the same bytes.
RUN python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash lib
COPY docsfy_action/ /program/docsfy_action/
COPY entrypoint.py post.py LICENSE /program/
RUN python3 -m compileall -q --invalidation-mode unchecked-hash \
        -s /program -p /action/lib/python3.13/site-packages /program/docsfy_action

# --- the image ----------------------------------------------------------------------------------------------------------
FROM runtime
COPY --from=build /git/ /
COPY --from=build /action/ /action/
COPY --from=build /program/entrypoint.py /program/post.py /program/LICENSE /action/
COPY --from=build /program/docsfy_action/ /action/lib/python3.13/site-packages/docsfy_action/

ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="docsfy-action" \
      org.opencontainers.image.description="Writes and keeps up to date the documentation site of a repository" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

ENV LANG=C.UTF-8

# Root, because the runner mounts folders that belong to anybody. Exec form, because a shell drops variables with a dash in
# their name, and those are the action's inputs. -I: neither the job's PYTHON* variables nor the workspace add modules.
ENTRYPOINT ["/action/bin/python3", "-I", "-B", "/action/entrypoint.py"]
