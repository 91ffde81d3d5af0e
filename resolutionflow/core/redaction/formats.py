"""Secrets with a format of their own, as their vendors publish it: a prefix that nothing else has, and what follows.

Each line is a prefix and the rest; the vendor is named where the prefix does not. A prefix that is not in a text costs
one look, so the list may be long.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from resolutionflow.core.redaction.values import is_placeholder
from resolutionflow.core.redaction.views import Span, View, compiled

_AFTER = r"(?![A-Za-z0-9])"
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
SK        [0-9a-f]{32}           Twilio
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
o.        [A-Za-z0-9]{32}        Pushbullet
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
0.        [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}==   Bitwarden
s.        [A-Za-z0-9]{24}        HashiCorp Vault, of old
ApiKey-   [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}
ddapi_    [A-Za-z0-9]{30,60}
sk_prod_  \w{10,100}
pcsk-     [\w-]{30,80}
AAAAAAAAAAAAAAAAAAAAA  [\w%]{40,120}   X
"""


def _rows() -> Iterator[tuple[str, str]]:
    for line in _TOKENS.strip().splitlines():
        prefix, rest = line.split()[:2]
        yield prefix, rf"(?<![A-Za-z0-9_]){re.escape(prefix)}{rest}{_AFTER}"


_PREFIXED = list(_rows())

# What is told by its shape, with a text that must be there; a group is the secret where it is not the whole.
_SHAPES: list[tuple[str, re.Pattern[str], str]] = [
    ("eyj", re.compile(r"(?<![A-Za-z0-9_-])eyJ[\w-]{8,4000}\.[\w-]{6,8000}(?:\.[\w-]{0,4000}){0,3}"), "TOKEN"),  # JWT
    ("-us", re.compile(r"(?<![0-9a-f])[0-9a-f]{32}-us\d{1,2}\b"), "TOKEN"),  # Mailchimp
    ("q~", re.compile(r"(?<![\w~.])[\w~.]{3}\dQ~[\w~.-]{31,34}"), "TOKEN"),  # Entra client secret
    ("jqqj", re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ9[9D][A-Za-z0-9]{20,30}"), "KEY"),  # Azure
    ("azdo", re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}"), "TOKEN"),
    ("atlasv1", re.compile(r"(?<![\w.])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,90}"), "TOKEN"),  # Terraform
    (":aa", re.compile(r"(?<!\d)\d{8,10}:AA[\w-]{30,36}"), "TOKEN"),  # Telegram
    ("", re.compile(r"(?<![\w.-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])"), "TOKEN"),  # Discord
    ("mfa.", re.compile(r"\bmfa\.[\w-]{80,90}"), "TOKEN"),
    ("hooks.slack", re.compile(r"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/+-]{6,200})"), "TOKEN"),
    ("discord", re.compile(r"\bdiscord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/(\d{5,25}/[\w-]{10,100})"), "TOKEN"),
    ("webhook.office", re.compile(r"webhook\.office\.com/webhookb?2?/([\w@/-]{10,300})"), "TOKEN"),
    ("outlook.office", re.compile(r"outlook\.office(?:365)?\.com/webhook/([\w@/-]{10,300})"), "TOKEN"),
    ("webhook", re.compile(r"/incomingwebhook/([\w/-]{10,200})", re.I), "TOKEN"),
    ("api.telegram", re.compile(r"api\.telegram\.org/bot([\w:-]{10,80})"), "TOKEN"),
    ("hooks.zapier", re.compile(r"hooks\.zapier\.com/hooks/(?:catch|standard)/([\w/-]{5,80})"), "TOKEN"),
    ("ifttt", re.compile(r"maker\.ifttt\.com/trigger/[^\s/]{1,60}/(?:json/)?with/key/([\w-]{10,80})"), "TOKEN"),
    ("hook.", re.compile(r"\bhook\.(?:[a-z]{2}\d\.)?(?:make|integromat)\.com/([a-z0-9]{10,60})"), "TOKEN"),
    ("hc-ping", re.compile(r"\bhc-ping\.com/([\w-]{20,60})"), "TOKEN"),
    ("pipedream", re.compile(r"\b([a-z0-9]{14,30})\.m\.pipedream\.net"), "TOKEN"),
    ("/hooks/", re.compile(r"https?://[^\s/]{1,100}/hooks/([A-Za-z0-9/]{20,80})"), "TOKEN"),  # Mattermost, Rocket.Chat
    ("hook", re.compile(r"https?://[^\s/]{1,100}/(?:[\w-]{1,30}/){0,3}web-?hooks?/(?:[a-z]{1,20}/){0,2}"
                        r"((?=[\w-]{0,60}\d)[\w-]{16,80}(?:/[\w-]{8,80}){0,2})", re.I), "TOKEN"),
    ("otpauth", re.compile(r"otpauth(?:-migration)?://[^\s\"'<>]{5,500}"), "KEY"),
    ("sig=", re.compile(r"(?<![A-Za-z0-9_])sig=([\w%+/=-]{10,200})", re.I), "TOKEN"),  # Azure SAS
    ("signature=", re.compile(r"[?&;](?:x-amz-|x-goog-)?signature=([\w%+/=~-]{10,600})", re.I), "TOKEN"),
    ("basic", re.compile(r"\bbasic[ \t]{1,3}((?=[A-Za-z0-9+/]{0,60}[A-Z0-9+/])[A-Za-z0-9+/]{8,500}={0,2})", re.I), "BASIC"),
    ('"auth', re.compile(r"\"auth\"\s{0,3}:\s{0,3}\"([A-Za-z0-9+/]{8,1000}={0,2})\""), "BASIC"),  # Docker
    ("bearer", re.compile(r"\bbearer[ \t]{1,3}((?=[A-Za-z.~+/_=-]{0,200}\d|[A-Za-z.~+/_=-]{24})[\w.~+/=-]{8,4000})",
                          re.I), "TOKEN"),
    ("token ", re.compile(r"\btoken[ \t](?:token=)?\"?((?=[A-Za-z._-]{0,60}\d)[\w.-]{20,400})", re.I), "TOKEN"),
    ("authorization", re.compile(r"\b(?:proxy-)?authorization\b[\"']?\]?\s{0,3}(?:[:=]|=>)\s{0,3}[\"']?"
        r"((?:bearer|basic|token|digest|negotiate|ntlm|apikey|hmac|ssws|splunk|genie-?key|discogs|bot|key|aws4-hmac-sha256)"
        r"[ \t]{1,3}[^\s\"',;]{3,4000})", re.I), "TOKEN"),
    ("authorization", re.compile(r"\bauthorization\b[\"']?\s{0,3}[:=]\s{0,3}[\"']?((?=[\w+/=.-]{0,60}\d)[\w+/=.-]{16,2000})",
                                 re.I), "TOKEN"),
    ("cookie", re.compile(r"\b(?:set-)?cookie[\"']?:[ \t]{0,3}[\"']?([^\s=;\"']{1,100}=[^\r\n\"']{1,8000})", re.I), "TOKEN"),
    ("sess", re.compile(r"\b(?:phpsessid|jsessionid|asp\.net_sessionid|sessionid|session_id|sessid|sid_?guid|phpsess)"
                        r"=([\w%.!+/:-]{8,400})", re.I), "TOKEN"),
    ("sid=s", re.compile(r"\bsid=(s(?:%3A|:)[\w%.+/-]{8,400})"), "TOKEN"),
    ("code=", re.compile(r"[?&]code=((?=[\w%+/-]{0,80}\d)[\w%+/-]{20,400}={0,2})"), "TOKEN"),  # Azure Functions
    ("auth", re.compile(r"\bauth[ \t]{1,2}(?:plain|login)[ \t]{1,2}([A-Za-z0-9+/]{8,400}={0,2})", re.I), "PASSWORD"),  # SMTP
    ("(", re.compile(r"\b(?:auth|login|sign_?in|connect|authenticate|credentials?)[ \t]?=?[ \t]?\([ \t]?[\"'][^\"'\n]{1,60}[\"'][ \t]?,[ \t]?"
                     r"[\"']([^\"'\n]{3,100})[\"']", re.I), "PASSWORD"),
    ("login", re.compile(r"\blogin[ \t]\"[^\"\n]{1,60}\"[ \t]\"([^\"\n]{3,100})\"", re.I), "PASSWORD"),  # IMAP
    ("/rp", re.compile(r"(?<!\S)/rp[ :]\"?([^\s\"/*]{3,100})", re.I), "PASSWORD"),
    ("a", re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,20}[^A-Za-z0-9\n]{1,20}(?:[A-Za-z_]{1,25}[^A-Za-z0-9\n]{1,5}){0,3}([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])"), "KEY"),
    ("connect.sid", re.compile(r"\bconnect\.sid=([\w%.+/:-]{8,400})"), "TOKEN"),
    (".asp", re.compile(r"\.aspx(?:auth|formsauth)=([\w%.+/:-]{8,4000})", re.I), "TOKEN"),
    ("://", re.compile(r"://[^\s/:@\"'<>]{0,100}:((?!\d{1,5}/)[^\s\"'<>]{1,150})@(?=[\w.\[-])"), "PASSWORD"),
    ("", re.compile(r"(?<![A-Za-z0-9-])(?=[A-Z-]{0,28}\d)(?=[\d-]{0,28}[A-Z])[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}(?![A-Za-z0-9-])"),
     "KEY"),  # Windows, Office
    ("", re.compile(r"(?<![\d-])\d{6}(?:-\d{6}){7}(?![\d-])"), "KEY"),  # BitLocker
    ("", re.compile(r"(?<![\d-])\d{6}(?:[ \t]?[ \t,-][ \t\n]?\d{6}){7}(?![\d-])"), "KEY"),
    ("securestring", re.compile(r"\bconvertto-securestring[ \t]{1,3}(?:-(?:string|asplaintext|force)[ \t]{1,3}){0,3}"
                                r"(?:\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'|([^\s$(\"'-][^\s)]{0,200}))", re.I), "PASSWORD"),
    ("securestring", re.compile(r"(?:\"([^\"\n]{1,200})\"|'([^'\n]{1,200})')[ \t]{0,3}\|[ \t]{0,3}convertto-securestring", re.I), "PASSWORD"),
    ("credential", re.compile(r"\b(?:network|ps)credential(?:\]::new)?\]?[ \t]{0,3}(?:-argumentlist[ \t]{1,3})?\([ \t]{0,3}"
                              r"[\"']?[^\"',\n]{1,100}[\"']?[ \t]{0,3},[ \t]{0,3}[\"']([^\"'\n]{1,200})[\"']", re.I), "PASSWORD"),
    ("/", re.compile(r"(?<![\w/])[12]/\d{13,20}(?:/\d{13,20})?:[0-9a-f]{32}(?!\w)"), "TOKEN"),  # Asana
    (":fx", re.compile(r"(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:fx\b"), "TOKEN"),  # DeepL
    ("ssws", re.compile(r"\bSSWS[ \t]{1,3}([\w-]{20,80})"), "TOKEN"),  # Okta
    ("digest", re.compile(r"\bdigest\b[^\n]{1,400}?\bresponse=\"?([0-9a-f]{32,64})", re.I), "HASH"),
    ("/private-", re.compile(r"/private-([0-9a-f]{32})/"), "TOKEN"),  # calendars
    ("http", re.compile(r"https?://[^\s/]{1,100}/(?:[\w.-]{1,40}/){0,4}(?:invites?|invitations?|resets?|reset[-_]?password|password[-_]?resets?|"
                        r"password|activat\w{1,4}|verif\w{1,8}|confirm\w{0,6}|magic(?:[-_]?link)?|accept|setup|recover\w{0,2}|onboard\w{0,3}|s|share|d|download)"
                        r"/(?:[\w.-]{1,12}/)?((?=[\w~.-]{0,80}\d)(?=[\w~.-]{0,80}[A-Za-z])[\w~.-]{24,500})", re.I), "TOKEN"),
    ("account", re.compile(r"^account[ \t]?=[ \t]?([0-9a-f]{12,25})\n(?:hard_delete.{0,20}\n)?key[ \t]?=", re.M), "KEY"),  # rclone's b2
    ("(", re.compile(r"\b(?:\w{0,20}connect(?:ion)?|mysqli|PDO|imap_open|login|logon|Client|ConnectHandler)[ \t]?\([ \t]?[^\"'\n()]{0,30}[\"'][^\"'\n]{1,120}[\"'],[ \t]?"
                     r"[\"'][^\"'\n]{1,60}[\"'],[ \t]?[\"']([^\"'\n]{3,100})[\"']"), "PASSWORD"),
    ("send", re.compile(r"(?:assword|assphrase|asswort|de passe|PIN|code)\b[^\n]{0,12}?[\"'}\])]{1,2}[ \t\n;,]{1,20}(?:\w{1,20}\.)?(?:exp_)?send(?:_line|line|slow|keys)?"
                        r"(?:[ \t]{1,3}-[-h])?[ \t(]{1,3}[\"'{]([^\"'\n}]{2,100})[\"'}]", re.I), "PASSWORD"),
    ("@", re.compile(r"(?:pass|pw|secret|token|key|kennwort)\w{0,20}[ \t]?=[ \t]?@[\"']\n([^\n]{3,300})\n[\"']@", re.I), "PASSWORD"),
    ("://", re.compile(r"://((?=[\w-]{0,60}\d)[\w-]{10,200})@(?=[\w-]{1,60}\.)"), "TOKEN"),
    ("value", re.compile(r"\"value\"\s{0,3}:\s{0,3}\"([^\"\n]{3,300})\"\s{0,3},\s{0,9}\"(?:name|key)\"\s{0,3}:\s{0,3}\"[^\"\n]{0,40}(?:password|passwd|pwd|secret|token|api_?key)\"", re.I), "PASSWORD"),
    ("auth", re.compile(r"\b(?:basic_?)?auth\"?\s{0,3}[:=]\s{0,3}[\[(]\s{0,3}[\"'][^\"'\n]{1,60}[\"'],\s{0,3}[\"']([^\"'\n]{3,100})[\"']", re.I), "PASSWORD"),
    ("=", re.compile(r"[?&](?:ticket|otp|passcode|apikey|jwt|assertion|samlresponse|hmac|sas)=((?=[\w.%+/-]{0,100}\d)[\w.%+/-]{10,2000}={0,2})", re.I), "TOKEN"),
    ("fido", re.compile(r"\bFIDO:/(\d{20,400})"), "CODE"),
]  # fmt: skip


def spans(view: View) -> Iterator[Span]:
    """Tokens, webhooks, cookies, logins in addresses and keys of products."""
    text, lower = view.text, view.lower
    for prefix, pattern in _PREFIXED:
        if prefix in text:
            for match in compiled(pattern).finditer(text):
                if any(letter.isdigit() for letter in match[0][len(prefix) :]) or len(match[0]) > 40:
                    yield *match.span(), "TOKEN"
    for needle, shape, kind in _SHAPES:
        if needle in lower:
            for match in shape.finditer(text):
                if needle == "authorization" and _stands_for(match[1].split()[-1]):
                    continue
                if kind != "BASIC":
                    yield *match.span(match.lastindex or 0), kind
                elif _is_login(match[1]):
                    yield *match.span(1), "PASSWORD"


def _stands_for(value: str) -> bool:
    """Whether it is written where a token would be: KEY, <key>, $TOKEN, rf_…"""
    value = value.strip("`*")
    return (
        is_placeholder(value) or "…" in value or "..." in value or (value.isupper() and value.isalpha()) or "(" in value
    )


def _is_login(encoded: str) -> bool:
    """Whether this is base64 of a name, a colon and a password."""
    try:
        return b":" in base64.b64decode(encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
