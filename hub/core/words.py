"""Words of a file of ours, in both languages: what data says to people."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _thai(text: str) -> str:
    if not any("\u0e00" <= sign <= "\u0e7f" for sign in text):
        raise ValueError("is not Thai; write the words that a Thai reader sees")
    return text


def _english(text: str) -> str:
    if not text or any("\u0e00" <= sign <= "\u0e7f" for sign in text):
        raise ValueError("is not English; write the words that an English reader sees")
    return text


class Told(BaseModel):
    """A table of such a file: nothing in it that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Told):
    """The same in both languages."""

    th: Annotated[str, AfterValidator(_thai)]
    en: Annotated[str, AfterValidator(_english)]

    def of(self, language: str) -> str:
        """In a language; one that we do not have gets the Thai ones."""
        return self.en if language == "en" else self.th
