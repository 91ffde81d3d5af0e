"""The ledger of a session: adding steps, messages and branches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max

from resolutionflow.accounts.models import User
from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import clean, one_line
from resolutionflow.core.verbs import verb
from sessions_app.mentions import Mentions, mentions_in
from sessions_app.models.branch import Branch
from sessions_app.models.checklist import Checklist
from sessions_app.models.message import Message
from sessions_app.models.session_fields import SessionFields
from sessions_app.models.step import Step
from sessions_app.models.watch import SessionWatch


class Ledger(SessionFields):
    """Verbs that add to what is on record."""

    class Meta:
        abstract = True

    @verb
    def add_step(
        self,
        user: User,
        *,
        text: str,
        branch: Branch | None = None,
        message: Message | None = None,
        form_key: UUID | None = None,
        **fields: Any,
    ) -> Step:
        """A thing tried, or to be tried; on the active branch unless another is named. `message`: the one of this
        session that it is made of; of each message one step is."""
        user.must_work()
        fields = Step.cleaned(text=text, **fields)
        self._must_own(branch=branch, message=message)
        self.lock(unfinished=True)
        made: Step | None = self._row_of_form("steps", form_key) or self._step_of(message)
        if made:
            return made
        self.step_count += 1
        self.touch("step_count")
        step: Step = self.steps.create(
            account_id=self.account_id,
            branch=branch or self._working_branch(),
            author=user,
            message=message,
            order=self.step_count,
            form_key=form_key,
            **fields,
        )
        self.renew_lease(user)
        about = self._facts_of_text(user, step, message)
        self.record_event("step.added", user, step=step.pk, order=step.order, outcome=step.outcome, **about)
        return step

    def _facts_of_text(self, user: User, step: Step, message: Message | None) -> dict[str, Any]:
        """The message that a step was made of, which has notified whom it mentions; else whom the step does. They watch
        the session from now on, as its author does."""
        named = Mentions() if message else mentions_in(step.text, account_id=self.account_id)
        mentioned = [pk for pk in named.people if pk != user.pk]
        SessionWatch.begin(self, [user.pk, *mentioned])
        source = {"message": message.pk} if message else {}
        return {**source, "mentioned": mentioned} if mentioned else {**source}

    @verb
    def add_message(
        self,
        user: User | None,
        *,
        content: str,
        role: str = "user",
        asked: Sequence[User] = (),
        form_key: UUID | None = None,
    ) -> Message:
        """A line of the conversation; `user` None for what the system wrote. `asked`: the people it is meant for,
        active engineers of the account, who are notified as those are whom a person mentions in it."""
        if user is not None:
            user.must_work()
        content = clean(content)
        if not content:
            raise Invalid(content="There is nothing to send.")
        if role not in Message.Role.values:
            raise Invalid(role="A message is by a user, the assistant or the system.")
        if any(person.account_id != self.account_id or not person.is_engineer for person in asked):
            raise Invalid(asked="Choose active engineers of this account.")
        pks = [person.pk for person in asked]
        named = mentions_in(content, account_id=self.account_id, asked=pks) if user is not None else Mentions()
        self.lock(unfinished=True)
        made: Message | None = self._row_of_form("messages", form_key)
        if made:
            return made
        self.message_count += 1
        self.touch("message_count")
        message: Message = self.messages.create(
            account_id=self.account_id,
            author=user,
            role=role,
            content=content,
            mention_length=named.length,
            order=self.message_count,
            form_key=form_key,
        )
        self.renew_lease(user)
        asks, mentions = self._meant_for(user, asked, named)
        self.record_event(
            "message.added",
            user,
            message=message.pk,
            order=message.order,
            role=role,
            asked=asks,
            mentioned=mentions,
        )
        return message

    def _meant_for(self, user: User | None, asked: Sequence[User], named: Mentions) -> tuple[list[int], list[int]]:
        """Whom a message asks, and whom it mentions: those, and all that it names. They watch the session from now on,
        as its author does."""
        author = user.pk if user is not None else None
        asks = dict.fromkeys((*(person.pk for person in asked), *(pk for pk in named.asked if pk != author)))
        mentioned = list(asks | dict.fromkeys(pk for pk in named.people if pk != author))
        SessionWatch.begin(self, [pk for pk in (author, *mentioned) if pk is not None])
        return list(asks), mentioned

    @verb
    def add_branch(
        self,
        user: User,
        *,
        label: str,
        parent: Branch | None = None,
        active: bool = False,
        form_key: UUID | None = None,
    ) -> Branch:
        """One more hypothesis; `active`: the one that is worked on from now, else untried until somebody activates
        it."""
        user.must_work()
        label = one_line(label)
        if not label:
            raise Invalid(label="Say what this branch supposes.")
        self._must_own(parent=parent)
        self.lock(unfinished=True)
        made: Branch | None = self._row_of_form("branches", form_key)
        if made:
            return made
        last = self.branches.aggregate(last=Max("order"))["last"] or 0
        parent = parent or self._working_branch()
        if active:
            Branch.set_aside_active(self)
        branch: Branch = self.branches.create(
            account_id=self.account_id,
            label=label,
            order=last + 1,
            form_key=form_key,
            parent=parent,
            status=Branch.Status.ACTIVE if active else Branch.Status.UNTRIED,
            status_changed_by=user if active else None,
        )
        if active:
            self.active_branch = branch
        self.touch("active_branch")
        self.renew_lease(user)
        self.record_event("branch.changed", user, branch=branch.pk, label=label, status=branch.status)
        return branch

    @verb
    def add_checklist(self, user: User, checklist: Checklist) -> list[Step]:
        """Its checks as to-do steps on the active branch. Those that the session has already are left out, so that a
        second press adds nothing."""
        user.must_work()
        if checklist.account_id != self.account_id:
            raise Invalid(checklist="There is no such checklist in this account.")
        self.lock(unfinished=True)
        there = set(self.steps.values_list("text", flat=True))
        return [
            self.add_step(user, text=check, kind=Step.Kind.CHECK) for check in checklist.lines if check not in there
        ]

    def _step_of(self, message: Message | None) -> Step | None:
        """The step that has been made of this message already, or None."""
        return self.steps.filter(message=message).first() if message else None

    def _row_of_form(self, rows: str, form_key: UUID | None) -> Any:
        """The row of `rows` that this form has made already, or None."""
        return getattr(self, rows).filter(form_key=form_key).first() if form_key else None
