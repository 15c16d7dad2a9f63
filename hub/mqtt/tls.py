"""Certificates of an MQTT connection, as files: whom to trust, and who we are. Read anew for each connection that is made."""

import ssl
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """ca: None for the system's certificates. certificate, key: None for somebody who is known by password, or not at all."""

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def for_client(self) -> ssl.SSLContext:
        """Raises OSError (also ssl.SSLError) for files that cannot be used."""
        context = ssl.create_default_context(cafile=None if self.ca is None else str(self.ca))
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.key)
        return context

    def for_server(self) -> ssl.SSLContext:
        """Clients have to show a certificate of the CA; which names and serial numbers are good is left to the caller."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.verify_mode = ssl.CERT_REQUIRED
        self.refresh(context)
        return context

    def refresh(self, context: ssl.SSLContext) -> None:
        """What stands in the files now is good for handshakes from now on."""
        context.load_verify_locations(self.ca)
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.key)


SYSTEM_TRUST = TlsFiles()
