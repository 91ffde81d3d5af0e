"""Branches: one hypothesis each, one active at a time."""

from __future__ import annotations

from uuid import uuid4

import pytest

from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import Invalid
from sessions_app.models import Branch, Session


@pytest.fixture
def root(session):
    return session.branches.get()


@pytest.fixture
def router(session, ana, root):
    return session.add_branch(ana, label="The router", parent=root)


def url(branch, verb=""):
    return f"/sessions/{branch.session_id}/branches/{branch.pk}/{verb}"


def test_add(as_user, session, root, bo):
    response = as_user(bo).post(f"{session.get_absolute_url()}branches/", {"label": " The  router\n"})
    branch = session.branches.last()
    assert response.status_code == 302
    assert (branch.label, branch.parent, branch.status, branch.order) == ("The router", root, "active", 1)


def test_what_is_added_on_the_page_is_worked_on(as_user, session, root, bo):
    client = as_user(bo)
    response = client.post(f"{session.get_absolute_url()}branches/", {"label": "The router"}, follow=True)
    branch = session.branches.last()
    assert "“The router” is the active branch now: your next steps go there." in response.content.decode()
    assert response.context["composer"]["branch"].value() == branch.pk
    assert (response.context["session"].active_branch, branch.status_changed_by) == (branch, bo)
    root.refresh_from_db()
    assert root.status == "untried"
    assert Event.objects.filter(kind="branch.changed").count() == 1
    client.post(f"{session.get_absolute_url()}steps/", {"text": "Swapped it"})
    assert session.steps.last().branch == branch


def test_what_is_added_through_the_api_waits(session, root, bo):
    branch = session.add_branch(bo, label="The router")
    session.refresh_from_db()
    assert (branch.status, session.active_branch) == ("untried", root)


@pytest.mark.parametrize("fields", [{}, {"label": "\u202e"}, {"label": "x" * 201}, {"label": "x", "parent": "99999"}])
def test_add_badly_is_422(as_user, session, bo, fields):
    response = as_user(bo).post(f"{session.get_absolute_url()}branches/", fields)
    assert response.status_code == 422
    assert session.branches.count() == 1


def test_add_twice_by_a_double_click_adds_one(as_user, session, bo):
    fields = {"label": "The router", "form_key": str(uuid4())}
    for _ in range(2):
        as_user(bo).post(f"{session.get_absolute_url()}branches/", fields)
    assert session.branches.count() == 2


def test_a_parent_is_of_this_session(session, ana):
    other = Session.open(ana, problem_summary="other").branches.get()
    with pytest.raises(Invalid):
        session.add_branch(ana, label="x", parent=other)


def test_activate_leaves_one_active(as_user, session, root, router, bo):
    assert as_user(bo).post(url(router, "activate/")).status_code == 302
    session.refresh_from_db(), root.refresh_from_db()
    assert session.active_branch == router
    assert root.status == "untried"
    assert session.branches.filter(status="active").get() == router
    assert session.add_step(bo, text="Swapped it").branch == router


def test_a_dead_end_needs_a_reason_and_can_be_revived(as_user, session, router, bo):
    client = as_user(bo)
    assert client.get(url(router)).status_code == 200
    assert client.post(url(router), {"status": "dead_end"}).status_code == 422
    assert client.post(url(router), {"status": "dead_end", "reason": "Same with another"}).status_code == 302
    router.refresh_from_db()
    assert (router.status, router.status_reason, router.status_changed_by) == ("dead_end", "Same with another", bo)
    client.post(url(router, "activate/"))
    router.refresh_from_db()
    assert router.status == "active"


def test_deciding_the_active_branch_leaves_none_active(session, root, router, ana):
    router.activate(ana)
    session.refresh_from_db()
    Branch.objects.get(pk=router.pk).change_status(ana, status="dead_end", reason="no")
    session.refresh_from_db()
    assert session.active_branch is None
    assert session.add_step(ana, text="next").branch == root
    assert session.add_branch(ana, label="Another").parent == root


def test_no_change_is_no_event(root, ana):
    count = Event.objects.count()
    root.activate(ana)
    assert Event.objects.count() == count


def test_an_unknown_status_is_refused(as_user, router, ana):
    assert as_user(ana).post(url(router), {"status": "maybe"}).status_code == 422
    with pytest.raises(Invalid):
        router.change_status(ana, status="maybe")


def test_finished_sessions_keep_their_branches(as_user, session, router, ana):
    session.resolve(ana, resolution="done")
    client = as_user(ana)
    assert client.post(url(router, "activate/")).status_code == 409
    assert client.post(url(router), {"status": "solved"}).status_code == 409
    assert client.post(f"{session.get_absolute_url()}branches/", {"label": "x y"}).status_code == 409


def test_the_tree_is_on_the_page(as_user, session, router, ana):
    child = session.add_branch(ana, label="Its firmware", parent=router)
    response = as_user(ana).get(session.get_absolute_url())
    (root,) = response.context["tree"]
    assert root.twigs[0].branch == router
    assert root.twigs[0].twigs[0].branch == child
    assert "Its firmware" in response.content.decode()


def test_who_may(as_user, session, router, ana, vic, eve):
    other = Session.open(ana, problem_summary="other")
    for path in (url(router), url(router, "activate/"), f"{session.get_absolute_url()}branches/"):
        assert as_user(vic).post(path, {"label": "x", "status": "solved"}).status_code == 403
        assert as_user(eve).post(path, {"label": "x", "status": "solved"}).status_code == 404
    assert as_user(ana).post(f"{other.get_absolute_url()}branches/{router.pk}/activate/").status_code == 404
