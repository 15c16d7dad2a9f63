"""What the JSON API says of assets: money in satang, dates ISO 8601, moments ms since 1970 UTC."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from hub.core.assets import Asset, AssetEntry, Component
from hub.web.asset_pages import AssetFile

Text = str | int | float | None


class AssetModel(BaseModel):
    id: int
    version: int = Field(description="counts the changes; a change names the one it read")
    group: str
    number: str = Field(description="as the office wrote it on the thing; empty: none yet")
    serial: str
    name: str
    kind: str
    model: str
    firmware: str
    profile: str
    school: str = Field(description="code; empty: it stands at the office")
    room: str
    dish: str
    node: str | None = Field(description="the agent that hears it; null: nothing reports it")
    device: str | None = Field(description="its key at that agent; empty for the agent's own computer")
    price_satang: int | None
    acquired_on: date | None
    fund: str
    vendor: str
    warranty_until: date | None
    rented_until: date | None
    useful_life_years: int | None
    state: str
    written_off_on: date | None
    disposal: str | None
    note: str
    told_by_device: list[str] = Field(description="the fields that the agent filled")

    @classmethod
    def of(cls, asset: Asset) -> "AssetModel":
        same = {name: getattr(asset, name) for name in cls.model_fields if name not in ("node", "told_by_device")}
        node = None if asset.device is None else asset.node_name
        return cls(**same, node=node, told_by_device=sorted(asset.told))


class ComponentModel(BaseModel):
    id: int
    kind: str
    name: str
    serial: str
    fitted_on: date | None
    warranty_until: date | None
    price_satang: int | None
    removed_on: date | None
    note: str

    @classmethod
    def of(cls, component: Component) -> "ComponentModel":
        return cls(**{name: getattr(component, name) for name in cls.model_fields})


class ConflictModel(BaseModel):
    """Where the agent says otherwise than people wrote."""

    field: str
    said: str
    since: int
    kept_at: int | None = Field(description="when somebody said that the register is right")


class ChangeModel(BaseModel):
    field: str
    before: str
    after: str


class AssetEntryModel(BaseModel):
    id: int
    at: int
    what: str
    who: str
    name: str
    note: str
    component: int | None
    changes: list[ChangeModel]

    @classmethod
    def of(cls, entry: AssetEntry) -> "AssetEntryModel":
        deed = entry.deed
        changes = [ChangeModel(field=name, before=before, after=after) for name, before, after in entry.changes]
        said = {"at": deed.at, "what": deed.what, "who": deed.who, "name": deed.name, "note": deed.note}
        return cls(id=entry.id, component=entry.component, changes=changes, **said)


class RepairModel(BaseModel):
    number: str
    symptom: str
    open: bool


class AssetDetailModel(AssetModel):
    school_name: str
    components: list[ComponentModel]
    conflicts: list[ConflictModel]
    repairs: list[RepairModel]

    @classmethod
    def of_all(cls, file: AssetFile) -> "AssetDetailModel":
        conflicts = [
            ConflictModel(field=each.field, said=each.said, since=each.since, kept_at=each.kept_at)
            for each in file.conflicts
        ]
        return cls(
            **AssetModel.of(file.asset).model_dump(),
            school_name=file.school_name,
            components=[ComponentModel.of(each) for each in file.components],
            conflicts=conflicts,
            repairs=[RepairModel(number=number, symptom=symptom, open=on) for number, symptom, on in file.repairs],
        )


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    values: dict[str, Text] = Field(
        description="fields by the names of a list's columns: number, kind, school, price (baht), acquired_on …; "
        "null empties a field"
    )
    note: str = Field("", max_length=2000)


class NewAsset(_Wish):
    group: str = Field("", max_length=200, description="the district; may be left out where you have one only")


class AssetChange(_Wish):
    version: int = Field(description="of the asset that was read")
