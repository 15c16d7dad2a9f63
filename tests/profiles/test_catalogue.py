"""What must hold for every profile, today's and tomorrow's."""

import pytest

from firmware_profiles.loader import load_catalog
from firmware_profiles.polls import Read
from firmware_profiles.schema import Profile
from wire.metrics import DataType
from wire.vocabulary import BY_KIND, DEVICE_PROPERTIES, NODE

CATALOGUE = load_catalog()
PROFILES = [CATALOGUE.profile(profile_id) for profile_id in CATALOGUE]
every_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)
FRACTIONAL = {DataType.FLOAT, DataType.DOUBLE}


def vocabulary(profile: Profile) -> dict[str, DataType]:
    return NODE if profile.is_host else BY_KIND[profile.kind]


def kinds(read: Read) -> set[type]:
    """The types of values that a read can give; empty where the device itself decides."""
    if read.table is not None:
        values = [*read.table.values(), *([] if read.otherwise is None else [read.otherwise])]
        return {float if type(value) is int else type(value) for value in values}
    if read.finds is not None:
        return {bool}
    if read.number is None:
        return set()
    return {bool} if read.above is not None or read.bit is not None else {float}


def wanted(datatype: DataType) -> type:
    return {DataType.BOOLEAN: bool, DataType.STRING: str}.get(datatype, float)


@every_profile
def test_each_metric_is_in_the_vocabulary_of_its_kind(profile: Profile) -> None:
    assert set(profile.metrics) <= set(vocabulary(profile))


@every_profile
def test_each_read_gives_values_of_its_metrics_datatype(profile: Profile) -> None:
    datatypes = vocabulary(profile)
    wrong = [
        read.metric
        for poll in profile.polls
        for read in poll.read
        if read.metric and kinds(read) - {wanted(datatypes[read.metric])}
    ]
    assert wrong == []


@every_profile
def test_polls_read_metrics_and_identity_reads_properties(profile: Profile) -> None:
    assert all(read.metric for poll in profile.polls for read in poll.read)
    assert {read.target for one in profile.identity for read in one.read} <= set(DEVICE_PROPERTIES)


@every_profile
def test_poll_names_are_unique(profile: Profile) -> None:
    names = [one.name for one in (*profile.polls, *profile.identity)]
    assert len(names) == len(set(names))


@every_profile
def test_each_metric_is_read_by_one_poll(profile: Profile) -> None:
    targets = [target for poll in profile.polls for target in poll.targets]
    assert len(targets) == len(set(targets))


@every_profile
def test_the_first_poll_needs_no_power(profile: Profile) -> None:
    assert not profile.polls[0].needs_power


@every_profile
def test_labels_are_there_in_both_languages(profile: Profile) -> None:
    labels = [profile.label, *(part.label for parts in profile.parts.values() for part in parts)]
    assert all(label.en.isascii() and label.en and label.th for label in labels)


@every_profile
def test_only_fractions_and_counts_have_dead_bands(profile: Profile) -> None:
    datatypes = vocabulary(profile)
    assert all(datatypes[name] not in (DataType.BOOLEAN, DataType.STRING) for name in profile.report.dead_bands)


@every_profile
def test_a_limit_has_the_type_of_its_metric(profile: Profile) -> None:
    for limit in profile.limits:
        bound = next(one for one in (limit.above, limit.below, limit.equals) if one is not None)
        assert isinstance(bound, wanted(vocabulary(profile)[limit.metric]) | int)
        assert isinstance(bound, bool) is (vocabulary(profile)[limit.metric] is DataType.BOOLEAN)


@every_profile
def test_a_cause_with_a_limit_names_the_part_to_bring(profile: Profile) -> None:
    assert {limit.cause for limit in profile.limits} <= set(profile.parts)


@every_profile
def test_an_example_set_id_fits_its_own_pattern(profile: Profile) -> None:
    import re

    if profile.set_id is not None:
        assert re.fullmatch(profile.set_id.pattern, profile.set_id.default)
