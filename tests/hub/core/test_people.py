"""Roles and what they may."""

from pathlib import Path

import pytest

from hub.core.people import AT_THE_CONSOLE, NOBODY, ROLES_MAY, Permission, Principal, PrincipalKind, Role

SCHOOL = Principal(PrincipalKind.PERSON, "1", roles=frozenset({Role.SCHOOL}), school="36030001")
ADMIN = Principal(PrincipalKind.PERSON, "2", roles=frozenset({Role.ADMIN}))


def test_each_role_stands_in_the_table() -> None:
    assert set(ROLES_MAY) == set(Role)


def test_each_permission_is_some_role_s() -> None:
    assert frozenset().union(*ROLES_MAY.values()) == frozenset(Permission)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_admin_manages_people_and_releases(role: Role) -> None:
    assert not ROLES_MAY[role] & {Permission.MANAGE_PEOPLE, Permission.RELEASE}


@pytest.mark.parametrize("permission", Permission)
def test_nobody_may_nothing(permission: Permission) -> None:
    assert not NOBODY.may(permission)
    assert not Principal(PrincipalKind.DEVICE, "36030001").may(permission)


def test_several_roles_add_up() -> None:
    both = Principal(PrincipalKind.PERSON, roles=frozenset({Role.DIRECTOR, Role.TECHNICIAN}))
    assert both.may(Permission.SEE_AUDIT)
    assert both.may(Permission.ENROL)
    assert not both.may(Permission.MANAGE_PEOPLE)


def test_a_token_may_what_it_was_issued_for() -> None:
    scopes = frozenset({Permission.SEE_FLEET})
    token = Principal(PrincipalKind.TOKEN, "2", roles=ADMIN.roles, scopes=scopes)
    assert [each for each in Permission if token.may(each)] == [Permission.SEE_FLEET]


def test_a_token_never_may_more_than_its_owner() -> None:
    scopes = frozenset({Permission.MANAGE_PEOPLE, Permission.SEE_OWN_SCHOOL})
    token = Principal(PrincipalKind.TOKEN, "1", roles=SCHOOL.roles, scopes=scopes)
    assert [each for each in Permission if token.may(each)] == [Permission.SEE_OWN_SCHOOL]


def test_a_school_sees_itself_only() -> None:
    assert SCHOOL.may_see("cpm3", "36030001")
    assert not SCHOOL.may_see("cpm3", "36030002")
    assert not Principal(PrincipalKind.PERSON, roles=SCHOOL.roles).may_see("cpm3", "")


def test_who_is_limited_to_a_district_sees_no_other() -> None:
    here = Principal(PrincipalKind.PERSON, roles=ADMIN.roles, groups=frozenset({"cpm3"}))
    assert here.may_see("cpm3", "36030001")
    assert not here.may_see("cmi3", "36030001")
    assert ADMIN.may_see("cmi3", "36030001")


def test_the_audit_names_kind_and_number() -> None:
    assert (SCHOOL.label, NOBODY.label, AT_THE_CONSOLE.label) == ("person:1", "nobody", "command")


def test_the_page_about_accounts_tells_what_each_role_may() -> None:
    lines = (Path(__file__).parents[3] / "docs" / "accounts.md").read_text("utf-8").splitlines()
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    start = rows.index(["may", *(role.value for role in Role)]) + 2
    told = {
        row[0]: {role for role, cell in zip(Role, row[1:], strict=True) if cell}
        for row in rows[start:][: len(Permission)]
    }
    assert told == {
        permission.value: {role for role in Role if permission in ROLES_MAY[role]} for permission in Permission
    }
