"""[historian]: where every value goes for ever. Values only."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator


def _address(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"{url!r} is no address; write one such as http://127.0.0.1:8428")
    return url.rstrip("/")


class HistorianSettings(BaseModel):
    """A server of long history that takes InfluxDB's line protocol; without `url` there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, AfterValidator(_address)] | None = Field(
        None,
        description="Where it listens, such as `http://127.0.0.1:8428` of a VictoriaMetrics; everything that is kept goes there, "
        "what came while it was away included.",
    )
    bucket: str = Field(
        "dltv", min_length=1, description="Into which bucket; VictoriaMetrics has none and takes any name."
    )
    organisation: str = Field("dltv", min_length=1, description="Of which organisation, for InfluxDB 2.")
    token: SecretStr | None = Field(None, description="What lets the hub write there. A secret.")
    token_file: Path | None = Field(None, description="A file that holds the token, instead of `token`.")
    ca_file: Path | None = Field(
        None, description="The authority of its certificate, where that is not one of the system's."
    )
    timeout_s: float = Field(10.0, gt=0, le=120, description="How long the hub waits for an answer.")

    @model_validator(mode="after")
    def _says_it_once(self) -> Self:
        if self.token is not None and self.token_file is not None:
            raise ValueError("token and token_file are both set; leave one out")
        return self

    @property
    def secret(self) -> str | None:
        """The token itself. Raises OSError where its file cannot be read."""
        if self.token_file is not None:
            return self.token_file.read_text("utf-8").strip()
        return self.token.get_secret_value() if self.token is not None else None
