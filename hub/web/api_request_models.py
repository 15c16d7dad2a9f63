"""What the JSON API says of requests: moments are ms since 1970 UTC, dates ISO 8601, words in both languages."""

from pydantic import BaseModel, ConfigDict, Field

from hub.workflows.engine import LONGEST_NOTE
from hub.workflows.request import Entry, Request, Value
from hub.workflows.schema import Definition, FieldModel, HeldModel, TransitionModel

GivenCell = str | int | float | None
Given = dict[str, GivenCell | list[dict[str, GivenCell]]]


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    values: Given = Field(default_factory=dict, description="the fields that are asked, by name")
    note: str = Field("", max_length=LONGEST_NOTE)


class NewRequest(_Wish):
    type: str = Field(max_length=48)


class StepRequest(_Wish):
    transition: str = Field(max_length=48)
    version: int = Field(description="of the request that was read")


class CorrectionRequest(_Wish):
    entry: int = Field(description="the entry of the history that is put right")
    version: int


class NewFile(BaseModel):
    """A file, as text: JSON has no bytes."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    data: str = Field(description="its content in base64")


class FileModel(BaseModel):
    file: int = Field(description="its number; give it as the value of a field")
    name: str


class WordsModel(BaseModel):
    th: str
    en: str


class FieldInfoModel(BaseModel):
    name: str
    kind: str
    required: bool
    words: WordsModel
    choices: dict[str, WordsModel]
    columns: list["FieldInfoModel"] = Field(
        default=[], description="of a field of kind rows: what is asked in each row"
    )


class StepModel(BaseModel):
    """A transition that whoever asks may take now."""

    transition: str
    to: str | None = Field(description="the state that it leads to; null: it stays where it is")
    words: WordsModel
    fields: list[FieldInfoModel]

    @classmethod
    def of(cls, name: str, transition: TransitionModel, definition: Definition) -> "StepModel":
        words = WordsModel(th=transition.th, en=transition.en)
        return cls(
            transition=name,
            to=transition.to,
            words=words,
            fields=fields_of(definition, transition.asks, transition.may),
        )


class TypeModel(BaseModel):
    """A type that whoever asks may open."""

    type: str
    words: WordsModel
    about: WordsModel
    fields: list[FieldInfoModel]
    templates: dict[str, "TemplateInfoModel"] = Field(default={}, description="values that a new one can begin with")

    @classmethod
    def of(cls, definition: Definition) -> "TypeModel":
        return cls(
            type=definition.id,
            words=WordsModel(th=definition.th, en=definition.en),
            about=WordsModel(th=definition.about.th, en=definition.about.en),
            fields=fields_of(definition, definition.opening.asks, definition.opening.may),
            templates={
                name: TemplateInfoModel(words=WordsModel(th=each.th, en=each.en), values=dict(each.values))
                for name, each in definition.templates.items()
            },
        )


class TemplateInfoModel(BaseModel):
    words: WordsModel
    values: dict[str, Value]


class RequestModel(BaseModel):
    number: str
    type: str
    state: str
    open: bool
    group: str | None
    school: str | None
    opened_at: int
    entered_at: int
    due_at: int | None = Field(description="when the first time limit runs out")
    overdue: bool
    parent: str | None = Field(description="the request that it came from")
    version: int
    values: dict[str, Value]

    @classmethod
    def of(cls, request: Request, now: int) -> "RequestModel":
        return cls(**_request_fields(request, now))


class EntryModel(BaseModel):
    id: int
    at: int
    told: str
    who: str
    name: str
    transition: str | None
    origin: str | None
    to: str | None
    values: dict[str, Value]
    note: str
    documents: list[str]
    corrects: int | None
    scope: str | None


class RequestDetailModel(RequestModel):
    history: list[EntryModel]
    allowed_steps: list[StepModel]

    @classmethod
    def of_all(cls, request: Request, history: list[Entry], steps: list[StepModel], now: int) -> "RequestDetailModel":
        return cls(**_request_fields(request, now), history=[_entry(each) for each in history], allowed_steps=steps)


def fields_of(definition: Definition, asks: tuple[str, ...], may: tuple[str, ...]) -> list[FieldInfoModel]:
    return [_told(name, definition.fields[name], required=name in asks) for name in (*asks, *may)]


def _told(name: str, held: HeldModel, *, required: bool) -> FieldInfoModel:
    columns = held.columns.items() if isinstance(held, FieldModel) else ()
    return FieldInfoModel(
        name=name,
        kind=held.kind,
        required=required,
        words=WordsModel(th=held.th, en=held.en),
        choices={code: WordsModel(th=each.th, en=each.en) for code, each in held.choices.items()},
        columns=[_told(key, each, required=each.required) for key, each in columns],
    )


def _request_fields(request: Request, now: int) -> dict[str, object]:
    return {
        "number": request.number,
        "type": request.type,
        "state": request.state,
        "open": request.is_open,
        "group": request.group,
        "school": request.school,
        "opened_at": request.opened_at,
        "entered_at": request.entered_at,
        "due_at": request.due_at,
        "overdue": request.due_at is not None and request.due_at <= now,
        "parent": request.parent,
        "version": request.version,
        "values": dict(request.values),
    }


def _entry(entry: Entry) -> EntryModel:
    names = ("id", "at", "told", "who", "name", "transition", "origin", "to", "note", "corrects", "scope")
    plain = {name: getattr(entry, name) for name in names}
    return EntryModel(**plain, values=dict(entry.values), documents=list(entry.documents))
