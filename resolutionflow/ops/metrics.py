"""Metrics for Prometheus. Whether the site is up and ready: health.py."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from resolutionflow.accounts.models import Event
from resolutionflow.celery import QUEUES
from resolutionflow.core.work import Work
from resolutionflow.ops import health


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics as Prometheus' text, read from the database at each request. For loopback, or with METRICS_TOKEN;
    else 403."""
    if not (_is_local(request) or _has_metrics_token(request)):
        return HttpResponse("Not from here, or METRICS_TOKEN is missing.\n", status=403, content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(Gauges())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_local(request: HttpRequest) -> bool:
    """Whether it comes from loopback and not through a proxy: an unknown proxy would make every stranger look local."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR") or "").is_loopback
    except ValueError:
        return False


def _has_metrics_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())


class Gauges(Collector):
    """Counts what is in the database now. Gets models by name, because nothing in ops/ may import the apps."""

    def collect(self) -> Iterable[Metric]:
        yield from self._handoffs()
        unrelayed = Event.objects.unrelayed()
        yield _gauge("events_unrelayed", "Events nobody was notified of yet.", unrelayed.count())
        oldest = unrelayed.order_by("id").values_list("at", flat=True).first()
        yield _gauge("events_unrelayed_oldest_seconds", "Age of the oldest of them.", _age(oldest))
        yield from self._work()
        silence = GaugeMetricFamily("resolutionflow_worker_silence_seconds", "Since it was heard.", labels=["queue"])
        for queue in QUEUES:
            silence.add_metric([queue], health.seconds_since_heartbeat(queue))
        yield silence

    def _handoffs(self) -> Iterator[Metric]:
        escalations = apps.get_model("handoffs", "Handoff").objects.filter(intent="escalate")
        waiting = escalations.filter(status="open")
        yield _gauge("handoffs_open", "Escalations nobody has claimed.", waiting.count())
        oldest = waiting.order_by("opened_at").values_list("opened_at", flat=True).first()
        yield _gauge("handoffs_open_oldest_seconds", "How long the oldest waits.", _age(oldest))
        yield _gauge("handoffs_claimed", "Escalations somebody works on.", escalations.filter(status="claimed").count())

    def _work(self) -> Iterator[Metric]:
        by_status = GaugeMetricFamily("resolutionflow_work", "Work rows not done.", labels=["kind", "status"])
        due = GaugeMetricFamily("resolutionflow_work_due", "Work rows a worker may take now.", labels=["kind"])
        for model in apps.get_models():
            if issubclass(model, Work):
                self._count(model, by_status, due)
        yield by_status
        yield due

    def _count(self, model: type[Work], by_status: GaugeMetricFamily, due: GaugeMetricFamily) -> None:
        name = model._meta.model_name or ""
        due.add_metric([name], model.objects.due().count())
        open_ = (Work.Status.PENDING, *model.TAKEN, Work.Status.FAILED)
        rows = model.objects.filter(status__in=open_).order_by().values_list("status")
        found: dict[str, int] = dict(rows.annotate(Count("pk")))
        for status in open_:
            by_status.add_metric([name, status], found.get(status, 0))


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"resolutionflow_{name}", text, value=value)


def _age(moment: Any) -> float:
    return (timezone.now() - moment).total_seconds() if moment else 0.0
