"""TLS as the hub serves it: 1.2 or later, with one of its kept certificates."""

import ssl

from hub.pki.kept import Kept


def server_context(kept: Kept) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    take(context, kept)
    return context


def take(context: ssl.SSLContext, kept: Kept) -> None:
    """Let new connections see the certificate as it is now; those that stand keep what they have."""
    context.load_cert_chain(kept.certificate, kept.key)
