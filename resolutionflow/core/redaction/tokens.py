"""Tokens by what their vendors publish: a prefix that nothing else has, and what follows.

Each line is a prefix and the rest; the vendor is named where the prefix does not. All prefixes are looked for at once,
so the list may be long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutionflow.core.redaction.views import Span, View, compiled
from resolutionflow.core.redaction.words import watch

_TOKENS = r"""
AKIA      [A-Z0-9]{12,20}        AWS access keys: IAM, temporary, and of other kinds
ASIA      [A-Z0-9]{12,20}
ABIA      [A-Z0-9]{16}
ACCA      [A-Z0-9]{16}
ABSK      [A-Za-z0-9+/]{90,200}={0,2}
LTAI      [A-Za-z0-9]{12,24}     Alibaba Cloud
AKID      [A-Za-z0-9]{28,40}     Tencent Cloud
AQVN      [\w-]{35,40}           Yandex Cloud
AIza      [\w-]{30,40}           Google Cloud
ya29.     [\w.-]{20,2000}
GOCSPX-   [\w-]{20,40}
1//0      [\w-]{30,150}          Google refresh token
ghp_      \w{20,255}             GitHub
gho_      \w{20,255}
ghu_      \w{20,255}
ghs_      \w{20,255}
ghr_      \w{20,255}
github_pat_  \w{20,255}
glpat-    [\w.-]{16,100}         GitLab
gldt-     [\w-]{16,100}
glrt-     [\w.-]{16,100}
glrtr-    [\w-]{16,100}
glcbt-    [\w-]{16,100}
glptt-    [\w-]{16,100}
glft-     [\w-]{16,100}
glimt-    [\w-]{16,100}
glsoat-   [\w-]{16,100}
gloas-    [\w-]{16,100}
glagent-  [\w-]{16,100}
glffct-   [\w-]{16,100}
GR1348941 [\w-]{16,40}
ATATT3    [\w=-]{20,300}         Atlassian
ATCTT3    [\w=-]{20,300}
ATBB      [A-Za-z0-9]{24,40}
ATSTT3    [\w=-]{20,300}
xoxa-     [\w-]{8,300}           Slack
xoxb-     [\w-]{8,300}
xoxc-     [\w-]{8,300}
xoxd-     [\w%-]{8,300}
xoxe-     [\w-]{8,300}
xoxe.     [\w.-]{8,300}
xoxo-     [\w-]{8,300}
xoxp-     [\w-]{8,300}
xoxr-     [\w-]{8,300}
xoxs-     [\w-]{8,300}
xapp-     [\w-]{8,300}
xwfp-     [\w-]{8,300}
sk_live_  \w{10,200}             Stripe, and Clerk
sk_test_  \w{10,200}
rk_live_  \w{10,200}
rk_test_  \w{10,200}
whsec_    [\w+/=]{16,100}
sk-       (?:(?:ant|proj|svcacct|admin|or|lf|None)-[\w-]{8,300}|[A-Za-z0-9_-]{20,300})   Anthropic, OpenAI and others
sess-     [A-Za-z0-9]{40}
hf_       [A-Za-z0-9]{20,60}     Hugging Face
api_org_  [A-Za-z0-9]{30,40}
r8_       [A-Za-z0-9]{30,50}     Replicate
gsk_      [A-Za-z0-9]{30,80}     Groq
xai-      [A-Za-z0-9]{40,100}
pplx-     [A-Za-z0-9]{30,60}     Perplexity
tvly-     [\w-]{20,60}
pcsk_     \w{40,100}             Pinecone
lsv2_     (?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}
tgp_v1_   [\w-]{30,60}
SG.       [\w-]{10,30}\.[\w-]{20,60}   SendGrid
xkeysib-  [0-9a-f]{20,64}-[A-Za-z0-9]{8,20}   Brevo
xsmtpsib- [0-9a-f]{20,64}-[A-Za-z0-9]{8,20}
key-      [0-9a-f]{32}           Mailgun
MCP_      [A-Za-z0-9]{30,60}
re_       [A-Za-z0-9]{8,12}_[A-Za-z0-9]{20,30}   Resend
npm_      [A-Za-z0-9]{30,50}
pypi-     [\w-]{40,500}
rubygems_ [0-9a-f]{48}
oy2       [a-z0-9]{43}           NuGet
cio       [A-Za-z0-9]{32}        crates.io
CLOJARS_  [a-z0-9]{60}
dckr_pat_ [\w-]{20,60}           Docker
dckr_oat_ [\w-]{20,60}
dop_v1_   [0-9a-f]{40,64}        DigitalOcean
doo_v1_   [0-9a-f]{40,64}
dor_v1_   [0-9a-f]{40,64}
DO00      [A-Z0-9]{16}
HRKU-     [\w-]{30,70}           Heroku
nfp_      [A-Za-z0-9]{30,50}     Netlify
vcp_      [A-Za-z0-9]{20,70}     Vercel
rnd_      [A-Za-z0-9]{20,60}     Render
fo1_      [\w-]{30,60}           Fly.io
fm1r_     [\w+/=-]{40,1000}
fm2_      [\w+/=-]{40,1000}
sbp_      [0-9a-f]{40}           Supabase
sb_secret_  [\w-]{20,60}
napi_     \w{40,100}             Neon
pscale_   (?:tkn|pw|oauth)_[\w.=-]{30,70}   PlanetScale
dapi      [0-9a-f]{32}(?:-\d)?   Databricks
dp.       (?:pt|st|ct|sa|scim|audit)\.[\w.-]{30,80}   Doppler
hvs.      [\w-]{20,200}          HashiCorp Vault
hvb.      [\w-]{20,400}
hvr.      [\w-]{20,400}
pul-      [0-9a-f]{40}           Pulumi
glsa_     [A-Za-z0-9]{32}_[0-9a-fA-F]{8}   Grafana
glc_      [A-Za-z0-9+/]{32,400}={0,2}
NRAK-     [A-Z0-9]{27}           New Relic
NRII-     [\w-]{32}
NRJS-     [0-9a-f]{19}
NRRA-     [0-9a-f]{42}
dt0c01.   [A-Z0-9]{24}\.[A-Z0-9]{64}   Dynatrace
dt0s01.   [A-Z0-9]{8}\.[A-Z0-9]{64}
dt0s16.   [A-Z0-9]{8}\.[A-Z0-9]{64}
sntrys_   [\w+/=-]{40,400}       Sentry
sntryu_   [0-9a-f]{64}
hcaik_    \w{40,80}              Honeycomb
hcxik_    \w{40,80}
essu_     [\w+/=-]{20,200}       Elastic
lin_api_  [A-Za-z0-9]{30,60}     Linear
lin_oauth_  [0-9a-f]{40,80}
ntn_      [A-Za-z0-9]{40,60}     Notion
secret_   [A-Za-z0-9]{43}
figd_     [\w-]{30,60}           Figma
figo_     [\w-]{30,60}
sl.       (?:u\.)?[\w-]{60,2000}   Dropbox
pat-      (?:na|eu)\d-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}   HubSpot
shpat_    [0-9a-fA-F]{32}        Shopify
shpca_    [0-9a-fA-F]{32}
shppa_    [0-9a-fA-F]{32}
shpss_    [0-9a-fA-F]{32}
sq0atp-   [\w-]{22}              Square
sq0csp-   [\w-]{43}
EAAA      [\w-]{60}
access_token$  (?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}   Braintree
access-   (?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}   Plaid
FLWSECK   (?:_TEST)?-[\w-]{12,60}   Flutterwave
rzp_live_ [A-Za-z0-9]{14}        Razorpay
EZAK      [A-Za-z0-9]{54}        EasyPost
EZTK      [A-Za-z0-9]{54}
shippo_live_  [0-9a-f]{40}
duffel_live_  [\w=-]{43}
PMAK-     [0-9a-f]{24}-[0-9a-f]{34}   Postman
rdme_     [a-z0-9]{70}           ReadMe
tfp_      [\w.=-]{59}            Typeform
CFPAT-    [\w-]{43}              Contentful
pnu_      [A-Za-z0-9]{36}        Prefect
sqp_      [0-9a-f]{40}           SonarQube
squ_      [0-9a-f]{40}
sqa_      [0-9a-f]{40}
CCIPAT_   [A-Za-z0-9]{20,30}_[0-9a-f]{40}   CircleCI
bkua_     [0-9a-f]{40}           Buildkite
AKCp      [A-Za-z0-9]{60,73}     JFrog
cmVmd     [A-Za-z0-9]{59}
tskey-    [\w-]{10,120}          Tailscale
tk-us-    [\w-]{48}              Scalingo
AGE-SECRET-KEY-1  [A-Z0-9]{40,60}
ops_eyJ   [A-Za-z0-9+/]{100,2000}={0,3}   1Password
A3-       [A-Z0-9]{6}-[A-Z0-9-]{20,35}   1Password secret key
p8e-      [a-z0-9]{32}           Adobe
SWMTKN-1- [a-z0-9-]{40,120}      Docker Swarm
K10       [0-9a-f]{64}::[\w:.-]{10,100}   K3s
ITG.      [0-9a-f]{32}\.[\w-]{20,100}   IT Glue
PVEAPIToken=  [\w.@!-]{3,80}=[0-9a-f-]{36}   Proxmox
rf_       [\w-]{40,50}           our own
hk_       [0-9a-f]{20,40}        Huntress
hs_       [0-9a-f]{20,40}
ZEROTIER- \w{32}
sm_live_  \w{20,60}
bot_      [0-9a-f]{32,64}
pat       [A-Za-z0-9]{14}\.[0-9a-f]{64}   Airtable
fio-u-    [\w=-]{64}             Frame.io
sdp_      [A-Za-z0-9]{30,60}
phx_      [A-Za-z0-9]{40,60}     PostHog
sk.eyJ    [\w.-]{30,300}         Mapbox
cpk_      \w{32,80}
AGPA      [A-Z0-9]{16}
doIF      [A-Za-z0-9+/]{100,8000}={0,2}   a Kerberos ticket
v1.0-     [0-9a-f]{24}-[0-9a-f]{146}   Cloudflare origin CA
2_SK_     [A-Za-z0-9]{24,60}
NGROK-    \w{30,60}
eyJrIjoi  [A-Za-z0-9+/=]{30,400}   Grafana
API-      [A-Z0-9]{20,32}        Octopus Deploy
pat.      [\w-]{20,24}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}   Harness
sat.      [\w-]{20,24}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}
md-       [\w-]{22}              Mandrill
live_     [A-Za-z0-9_-]{24,50}   Mollie, GoCardless, MessageBird
test_     [A-Za-z0-9]{30,40}
sandbox_  [A-Za-z0-9_-]{40}
AQE       [A-Za-z0-9+/]{60,300}={0,2}(?:-[\w+/=:;<>?@{}~|^*.&%$#!()\[\]-]{10,80})?   Adyen
ck_       [0-9a-f]{40}           WooCommerce
cs_       [0-9a-f]{40}
sdk-      [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}   LaunchDarkly
mob-      [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}
api-      [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}
token-    [a-z0-9]{5}:[a-z0-9]{50,60}   Rancher
kubeconfig-  [a-z0-9.-]{5,40}:[a-z0-9]{50,60}
sha256~   [\w-]{43}              OpenShift
00D       [A-Za-z0-9]{12,15}![\w.]{60,200}   Salesforce
dG9r      [A-Za-z0-9+/]{36,100}={0,2}   Intercom
ATTA      [0-9a-f]{60,80}        Trello
BBDC-     [A-Za-z0-9+/@_-]{40,50}   Bitbucket
1000.     [0-9a-f]{32}\.[0-9a-f]{32}   Zoho
pk_       \d{5,10}_[A-Z0-9]{32}  ClickUp
nvapi-    [\w-]{60,70}           NVIDIA
apify_api_  [A-Za-z0-9]{30,40}
jina_     [A-Za-z0-9]{40,80}
fw_       [A-Za-z0-9]{20,40}     Fireworks
rpa_      [A-Z0-9]{40,50}        RunPod
e2b_      [0-9a-f]{40}
fc-       [0-9a-f]{32}           Firecrawl
sk_       [0-9a-f]{48}           ElevenLabs
IQoJb3JpZ2lu  [\w+/=]{50,2000}   AWS session tokens
FwoGZXIvYXdz  [\w+/=]{50,2000}
EAA       [A-Za-z0-9]{60,300}    Meta
A21AA     [\w-]{60,200}          PayPal
mlsn.     [0-9a-f]{64}           MailerSend
AVNS_     [\w-]{19}              Aiven
sgp_      (?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}   Sourcegraph
rzp_test_ [A-Za-z0-9]{14}
ApiKey-   [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}
ddapi_    [A-Za-z0-9]{30,60}
sk_prod_  \w{10,100}
pcsk-     [\w-]{30,80}
AAAAAAAAAAAAAAAAAAAAA  [\w%]{40,120}   X
"""
_LONG = 36  # letters after which a token may have no digit


def _by_word() -> dict[str, list[tuple[str, str]]]:
    """The prefixes and expressions of each word that is watched."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for line in _TOKENS.strip().splitlines():
        prefix, rest = line.split()[:2]
        pattern = rf"(?<![A-Za-z0-9_]){re.escape(prefix)}{rest}(?![A-Za-z0-9])"
        rows.setdefault(prefix.lower(), []).append((prefix, pattern))
    watch(rows)
    return rows


_BY_WORD = _by_word()


def spans(view: View) -> Iterator[Span]:
    """Tokens that begin with the prefix of a vendor."""
    text, places = view.text, view.places
    for word in _BY_WORD.keys() & places.keys():
        for prefix, pattern in _BY_WORD[word]:
            match_, after = compiled(pattern).match, 0
            for at in places[word]:
                if at < after or not text.startswith(prefix, at):
                    continue
                if (found := match_(text, at)) is None:
                    continue
                after = found.end()
                if _is_random(found[0][len(prefix) :]):
                    yield *found.span(), "TOKEN"


def _is_random(rest: str) -> bool:
    return "xxxxxxxx" not in rest.lower() and (
        len(rest) > _LONG
        or any(map(str.isdigit, rest))
        or (len(rest) > 19 and rest not in (rest.lower(), rest.upper()))
    )
