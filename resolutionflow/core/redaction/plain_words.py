"""Plain words: what people and machines write after "password:" and the like that is none."""

from __future__ import annotations

import re

# Whatever is not here is taken for a after "password:"; after "password is" more is asked (values.py).
_ENGLISH = """
    a about lives sits stays comes belongs healthy accepted access account active actually after again against age ago all allowed alone
    already also always am an and another any anymore are as ask asked assigned at attempt attempts attribute auth
    authenticated authentication authorization auto automatic back bad base64 basic be bearer because been before
    being below between blank blocked both box but by cached can can't cannot case challenge change changed changes
    changing character characters chars check checked cleared code column compat complex complexity complicated
    compromised configured confirm confirmation copied correct correctly could crypt custom database date days
    default define defined denied described details did didn't different disabled discarded discovered do documented
    does doesn't don't done due dialog digit digits each either email emailed empty enable enabled encrypted ended
    enforced entered enter entry error even every everything exactly except exempt exists expire expired expires
    expiring expiry fail failed failing failure fails false field file files fine first fixed for forced forgot
    forgotten format found from generated get gets getting given goes going gone good got granted group had handled
    hanging hardware has hash hashed hasn't have haven't he her here hidden his hint history how however i if ignored
    important in inactive including incorrect incorrectly info input instead insufficient internal invalid is isn't
    issue issued it it's its jwt just kb keep keepass keeper kept kerberos keychain keyvault know known krb5 label last
    lastpass later ldap least left length less let like likely list local lock locked logged login logon long longer
    looks lost manager managed mandatory manual masked match matches matching max maximum may maybe md5 method min mine
    minimum minutes misspelled mismatch missing module months more most multiple must my n n/a na name need needed needs
    neither never new newly next nil nis no none nope nor normal not noted nothing now null number oauth oauth2 of off
    ok okay old on once one only onto optional or org other our out outdated over owner own page parameter part pending
    per period phone plain plaintext please policy possibly prefix preauth present previous primary probably prompt
    prompted prompting protected provided provider purpose put random ready really reason received recent recently
    recorded recovered redacted refer refresh refreshed refused regenerated rejected remains remember remembered
    removed renewed replaced request requested require required requirement requirements requires resent reset resets
    resetting restricted returned reused revoked right role rotate rotated rotation rules same samba saml saved screen
    sealed search secondary secret secure see seems self sent service session set setting settings sha sha1
    sha256 sha512 shadow shared she should show shown side simple since single sms so software some something soon
    source sssd standard status still store stored strength string strong success successful successfully such
    suppressed suspended sync synced synchronised synchronized syncing system systemd systems tbc tbd temporarily
    temporary tested text than that that's the their them then there these they this those through till time
    timeout times to today todo together tomorrow too tried true try twice two type typed unavailable unchanged under
    undefined unencrypted unique unknown unlimited unlocked unset unsuccessful until unused up update updated updating
    upon usage use used user user's username users using vaild valid validated validation value varchar vault verified
    verify version very via viewable visible void was wasn't way we weak week weeks well went were what when where
    whether which while who whose why will winbind with within without won't working works worked would
    write writing written wrong x year years yes yet you your yours yourself yubikey zero
    above accordingly almost apparently attached correctly currently deleted detected documented exposed following
    immediately intact leaked longest manually mentioned monthly obtained ordinary otherwise outside perfectly raise quarterly
    regularly sometimes somewhere stale supplied unaffected verbally yesterday cleartext reversible hashes bcrypt argon2 argon2id scrypt pbkdf2 ntlm
    itglue hudu bitwarden 1password passportal dashlane laps azure entra intune onelogin okta duo radius tacacs
    pam_unix pam_unix.so pam_sss pam_deny pam_permit sufficient requisite substack include nullok try_first_pass
    str int bool integer boolean char nvarchar password passwords securestring optional[str] readonly nonnull nullable
    machine process differs mismatch mismatched matches
    public private expected unexpected issuer audience invalid_token nonce algorithm bits byte bytes kdf pbkdf2 aes
    des rc4 aes128 aes256 pre-auth pre-authentication renewable forwardable clientside rights permission permissions
"""
_GERMAN = """
    abgelaufen abgelehnt aendern ändern akzeptiert alt am an anfordern auf aus bekannt bei beim benutzer bereits bitte
    bleibt braucht da dann darf das dass dem den der des deaktiviert die dort durch ein eine einen eingegeben eingeben
    erforderlich erneut erneuert erzwungen es falsch fehlerhaft fehlgeschlagen fehlt funktioniert für ganz geaendert
    geändert gesperrt gespeichert gesetzt gültig gut hat hinterlegt ich ihm ihr im immer in ist ja jetzt kann kein keine
    keinen kommt korrekt läuft leer lautet mehr mindestens mit muss nach nein neu neues nicht nie nochmal notwendig nun
    nur oder ok passt per prüfen richtig schon sehr seit sich sicher siehe sie sind soll stimmt tage über unbekannt und
    ungültig unverändert unter vergessen verlangt verloren verschlüsselt vom von vorhanden war weiterhin wenn wie wieder
    wird wurde zeichen zu zum zur zurückgesetzt zuletzt zwischen unsicher ungesetzt kompromittiert fällig tresor
"""
_FRENCH = """
    à a actif ancien après au aucun aussi autre avant avec bien bloqué bon ce cette changé changer chez correct dans
    de demandé demander depuis dernier des désactivé doit du elle en encore enregistré erroné est et été être expiré
    expirée expire faux faible fonctionne fort il incorrect inconnu incorrecte invalide je jamais jours la le les lors
    lui mais mauvais mis modifié modifier ne non nouveau nul obligatoire on ou oublié oui par pas perdu plus pour protégé
    qui que refusé réinitialisé réinitialiser renouvelé requis requise sa saisi saisir sans se ses son sont sur temporaire
    toujours tout très trop un une utilisateur valide vide voir vous verrouillé coffre caractères inchangé
"""
_SPANISH_PORTUGUESE = """
    a actual al ao aún ainda antes antigua así até atualizada bien bloqueada bloqueado cada caducada caducado caducó
    cambiada cambiado cambiar caracteres com como con correcta correcto correta correto da de debe del desactivada
    desconocida desconhecida después do dos e el ella em en enviada era es esqueceu esquecida está esta este expirada
    expirado expirou expiró falsa fue foi fraca guardada guardado guardar ha hay igual inalterada incorrecta incorrecto
    incorreta incorreto inválida inválido invalida já la las le lo los más mais mal mas mesma misma muito muy na não nao
    necesaria necessária ninguna no nova nueva nueva o obligatoria obrigatória olvidada olvidó ou para perdida pero por
    porque protegida que requerida reseteada restablecida redefinida se sem senha ser sim sí sin sobre solo su sua também
    temporal temporária tiene todavía um una uma usuario usuário vacía válida válido vazia vencida vencido venceu ver y
    ya alterada trocada errada errado débil días dias cofre
"""
_ITALIAN = """
    al alla ancora anche bloccata bloccato cambiata cambiato cambiare caratteri che come con corretta corretto da dal
    dalla debole del della deve di dimenticata dopo e è errata errato era giorni giusta già ha il in inserita invalida
    la le lo ma mai modificata nel nella no non nuova nuovo o obbligatoria ogni per perché più prima questa
    reimpostata resettata richiesta richiesto salvata sbagliata scaduta scaduto scade sempre senza si sì solo sono stata
    su sua temporanea troppo un una utente uguale valida vecchia vuota vuoto
"""
_DUTCH = """
    aan al alle altijd andere beheerder bij correct daarna dan dat de deze die dit door een eens en er fout gebruiker
    geblokkeerd geen geldig gelijk gereset gewijzigd goed gezet had heb heeft hem het hier hij ik in ingevuld is jaar
    juist kan kluis komt kwijt laatste leeg maar meer met moet na naar niet niets nieuw nieuwe nodig nog nooit nu of om
    onbekend ongeldig ongewijzigd onjuist ook op opgeslagen opnieuw over per sinds tekens te tijdelijk tot uit van
    vandaag veranderd vereist vergeten verkeerd verlopen verloopt vernieuwd verplicht verstuurd via voor wachtwoord was
    weer werd werkt wijzigen wordt worden zelfde zie zijn zodat zonder zwak dagen
"""
_NORDIC = """
    at av av bare bytt bytte byttet den denne der det du ej en endret er ett etter fel felaktigt feil fejl for fra från
    får för fungerar fungerer fungerte gal gammalt gammelt gick giltigt glemt glömt gyldigt gyldig gått går har hos
    ikke inte just kan korrekt kræves krävs krever låst mangler med men må måste nå ny nya nytt nyt når och og ogiltigt
    också om ophørt opdateret på riktigt rigtigt sammen samma samme saknas satt se sen siden skal ska skiftet ska som
    svagt tomt tom til till ugyldigt ugyldig udløbet uppdaterat utgått utgånget utløpt utløper vanhentunut var ved vid
    virker är ändrat återställt nollställt tilbakestilt nulstillet ukjent ukendt okänt tecken tegn dagar dage
"""
_POLISH_TURKISH = """
    ale bez błędne brak był było by być czy dla do jako jest już hasło i konto lub ma musi na nie nieaktualne niepoprawne
    nieprawidłowe nieważne nieznane nowe od od po poprawne powinno przed puste przeterminowane przez się są stare to tylko
    wygasa wygasło wymagane ważne z za zablokowane zapomniane zapisane zmienić zmieniono zmienione zostało zresetowane znaków
    değiştirildi doldu doğru eski geçersiz gerekli hatalı için ile kilitli kullanıcı olarak olmalı sıfırlandı süresi unutuldu
    ve veya yanlış yeni yok zorunlu bir bu da de değil
"""
PLAIN = frozenset(
    " ".join(
        (_ENGLISH, _GERMAN, _FRENCH, _SPANISH_PORTUGUESE, _ITALIAN, _DUTCH, _NORDIC, _POLISH_TURKISH)
    ).split()
)  # fmt: skip

# "expired", "failing", "successfully", "abgelaufen", "expirée", "caducada", "gewijzigd", "utgånget": how something is.
LIKE_PROSE = re.compile(
    r"[a-z'-]{3,20}(?:ed|ing|ly|able|ible|ised|ized|ical|ious|itive|less|ful)"
    r"|[a-z]{3,12}-(?:[a-z]{2,12}(?:ive|ent|ant)|free|only|wide|long|safe|proof|specific|less|side)"
    r"|(?:ge|ver|zurück)[a-zäöüß]{4,20}(?:t|en|bar)|[a-zäöüß]{4,20}(?:lich|iert)"
    r"|[a-zéèêàâîïôûç-]{3,20}ée?s?|[a-zñáéíóú]{3,20}(?:ad[oa]|id[oa]|ut[oa]|at[oa])s?"
    r"|[a-ząćęłńóśźż]{3,20}(?:ło|łe)|[a-zçğıöşü]{3,20}(?:ldı|ldi|ndı|ndi|mış|miş)"
)


def is_plain(word: str) -> bool:
    """Whether this word, in small letters, says something of a secret rather than being one."""
    return word in PLAIN
