"""Outgoing HTTP: no private address however it is written, no rebinding, no redirects, and limits that hold."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from resolutionflow.core import outgoing_http
from resolutionflow.core.work import GiveUp, Later, Unknown


@pytest.fixture(autouse=True)
def allowlist(settings) -> list[str]:
    settings.OUTBOUND_ALLOWLIST = []
    return settings.OUTBOUND_ALLOWLIST


@pytest.fixture
def connects(monkeypatch) -> list[tuple[str, int]]:
    """Every address a connection is tried to; none gets through."""
    tried: list[tuple[str, int]] = []

    def refuse(address, *args, **kwargs):
        tried.append(address)
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


def names(monkeypatch, *answers: list[str]) -> None:
    """A resolver that gives these answers one after the other: a name server may change its mind."""
    left = list(answers)

    def resolve(host, port, **kwargs):
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(outgoing_http, "resolve", resolve)


@contextmanager
def server(answer, *, tls: ssl.SSLContext | None = None):
    """A real server on loopback; `answer(handler)` does the rest."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        do_POST = do_GET

        def log_message(self, *args):
            pass

    class Server(HTTPServer):
        def handle_error(self, *args):
            pass

    http = Server(("127.0.0.1", 0), Handler)
    if tls:
        http.socket = tls.wrap_socket(http.socket, server_side=True)
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield http.server_port
    finally:
        http.shutdown()
        http.server_close()


PRIVATE = [
    "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.9", "169.254.169.254", "100.64.0.1", "100.100.100.200",
    "0.0.0.0", "224.0.0.1", "255.255.255.255", "168.63.129.16", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1",
    "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:db8::1",
    "2002:a9fe:a9fe::", "2002:c0a8:101::1", "2001:0:7f00:1::1", "::ffff:0:7f00:1", "::ffff:169.254.169.254",
    "fe80::1%1", "0.1.2.3", "198.18.0.1", "240.0.0.1", "192.0.0.8", "192.0.0.192", "100::1", "5f00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_not_connected_to(address, monkeypatch, connects):
    names(monkeypatch, [address])
    with pytest.raises(GiveUp, match="private address"):
        outgoing_http.request("GET", "https://tickets.example/")
    assert connects == []


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_a_public_address_is(address):
    assert outgoing_http.is_public(ipaddress.ip_address(address))


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch, connects):
    names(monkeypatch, ["8.8.8.8", "127.0.0.1"])
    with pytest.raises(GiveUp):
        outgoing_http.request("GET", "https://tickets.example/")
    assert connects == []


def test_what_was_checked_is_what_is_connected_to(monkeypatch, connects):
    names(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    with pytest.raises(Later):
        outgoing_http.request("GET", "https://tickets.example/")
    assert connects == [("8.8.8.8", 443)]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0x7f000001", "2130706433", "0177.0.0.1", "127.1", "localhost",
     "①②⑦.⓪.⓪.①", "169.254.169.254", "127.0.0.1.", "localhost.", "LOCALHOST", "localhost.localdomain", "127.0.1",
     "0x7f.1", "0x7f.0x0.0x0.0x1", "017700000001", "0", "0.0.0.0", "127。0。0。1", "127%2e0%2e0%2e1", "1%32%37.0.0.1",
     "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[::]", "[fe80::1%25lo]", "[fe80::1%251]", "[::127.0.0.1]",
     "[64:ff9b::169.254.169.254]", "[2002:7f00:1::]", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "ｌocalhost"],
)  # fmt: skip
def test_other_spellings_of_loopback_are_seen_through(host, connects):
    with pytest.raises((GiveUp, Later)):
        outgoing_http.request("GET", f"https://{host}/")
    assert connects == []


@pytest.mark.parametrize(
    "url",
    ["http://tickets.example/", "ftp://tickets.example/", "file:///etc/passwd", "https://", "tickets.example",
     "https://good.example@evil.example/", "https://a:b@tickets.example/", "https://tickets.example:8443/",
     "gopher://x/", "", "https://:@tickets.example/", "//tickets.example/",
     "https://user@127.0.0.1/", "javascript:alert(1)", "https:/\\127.0.0.1/", "https://[::1",
     "https://tickets.example:0/", "https://tickets.example:99999/"],
)  # fmt: skip
def test_only_plain_https_addresses_are_called(url, monkeypatch, connects):
    names(monkeypatch, ["8.8.8.8"])
    with pytest.raises(GiveUp):
        outgoing_http.request("GET", url)
    assert connects == []


def test_an_international_name_is_looked_up_as_it_is_written_in_dns(monkeypatch, connects):
    asked = []
    monkeypatch.setattr(outgoing_http, "resolve", lambda host, *a, **k: asked.append(host) or [])
    with pytest.raises(Later):
        outgoing_http.request("GET", "https://bücher.example/")
    assert asked == ["xn--bcher-kva.example"]


def test_an_allowlisted_host_may_be_private_plain_and_on_any_port(settings):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]

    def answer(handler):
        handler.send_response(201)
        handler.send_header("Location", "/made/1")
        handler.end_headers()
        handler.wfile.write(b'{"ok": true}')

    with server(answer) as port:
        got = outgoing_http.request("POST", f"http://127.0.0.1:{port}/", body={"a": 1})
    assert (got.status, got.json(), got.headers["location"]) == (201, {"ok": True}, "/made/1")


def test_redirects_are_answers_not_orders(settings):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    seen = []

    def answer(handler):
        seen.append(handler.path)
        handler.send_response(302)
        handler.send_header("Location", "http://localhost/inside")
        handler.end_headers()

    with server(answer) as port:
        assert outgoing_http.request("GET", f"http://127.0.0.1:{port}/out").status == 302
    assert seen == ["/out"]


def test_the_name_stays_in_tls_and_in_the_host_header(settings, monkeypatch, tmp_path):
    settings.OUTBOUND_ALLOWLIST = ["tickets.example", "other.example"]
    names(monkeypatch, ["127.0.0.1"])
    certificate = self_signed("tickets.example", tmp_path)
    seen = {}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda sock, name, ctx: seen.update(sni=name)
    monkeypatch.setattr(outgoing_http, "_tls", lambda: ssl.create_default_context(cafile=certificate))

    def answer(handler):
        seen["host"] = handler.headers["Host"]
        handler.send_response(204)
        handler.end_headers()

    with server(answer, tls=context) as port:
        assert outgoing_http.request("GET", f"https://tickets.example:{port}/").status == 204
        assert seen == {"sni": "tickets.example", "host": f"tickets.example:{port}"}
        with pytest.raises(Later, match="certificate"):  # its certificate is not for this name: nothing was sent
            outgoing_http.request("POST", f"https://other.example:{port}/", body={})


def test_a_proxy_in_the_environment_is_not_used(settings, monkeypatch):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with server(lambda handler: (handler.send_response(204), handler.end_headers())) as port:
        assert outgoing_http.request("GET", f"http://127.0.0.1:{port}/").status == 204


# what went wrong, by whether it may have arrived


def closed_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def test_a_refused_connection_was_not_sent(settings):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with pytest.raises(Later):
        outgoing_http.request("POST", f"http://127.0.0.1:{closed_port()}/", body={})


def test_an_unknown_name_was_not_sent(monkeypatch):
    def fail(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(outgoing_http, "resolve", fail)
    with pytest.raises(Later, match="name is not known"):
        outgoing_http.request("POST", "https://nowhere.example/", body={})


def test_silence_after_sending_is_unknown(settings):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with server(lambda handler: time.sleep(0.6)) as port, pytest.raises(Unknown):
        outgoing_http.request("POST", f"http://127.0.0.1:{port}/", body={}, total=0.3)


def test_a_dropped_connection_is_unknown(settings):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with server(lambda handler: handler.connection.close()) as port, pytest.raises(Unknown):
        outgoing_http.request("POST", f"http://127.0.0.1:{port}/", body={})


def test_a_dripping_answer_ends_at_the_total_limit(settings):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]

    def drip(handler):
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 2000:
            handler.wfile.write(bytes([letter]))
            time.sleep(0.05)

    started = time.monotonic()
    with server(drip) as port, pytest.raises(Unknown):
        outgoing_http.request("GET", f"http://127.0.0.1:{port}/", total=0.5)
    assert time.monotonic() - started < 50  # all of it would take 100


def test_an_endless_answer_is_cut(settings, monkeypatch):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    monkeypatch.setattr(outgoing_http, "MAX_BYTES", 1000)

    def flood(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * 100_000)

    with server(flood) as port, pytest.raises(Unknown, match="too long"):
        outgoing_http.request("GET", f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30),
        ("soon", None),
        ("", None),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert outgoing_http.OutgoingResponse(429, httpx2.Headers({"Retry-After": value}), b"").retry_after == seconds


def self_signed(name: str, folder) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(path)
