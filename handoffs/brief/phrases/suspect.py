"""How people say what they hold to be the cause, and how they take it back."""

from __future__ import annotations

from handoffs.brief.phrases.rules import Rules, either, words

SUSPECT = Rules(
    (
        "suppose supposing figure imagine methinks surely clearly obviously evidently basically ask eyes surprised"
        " explanation only must've could've may've wouldn't bet",
        r"\b(?:i|we) (?:suppose|figure|imagine)\b|^(?:suppose|methinks)\b|\bif you ask me\b|\bin my eyes\b"
        r"|\bwouldn'?t be"
        r" surprised if\b|\b(?:only|best|logical|likely|other) explanation\b|\bcan only be\b|\b(?:must|could|may"
        r"|might)'?ve"
        r"\b|^(?:surely|clearly|obviously|evidently)\b|\b(?:is|are|was|were|has|have) (?:clearly|obviously|evidently"
        r"|surely)"
        r"\b|(?:^|[,;-] )bet (?:it|they|that|the|he|she|this|some\w+)\b",
    ),
    (
        "think thinking suspect suspecting suspected suspects believe guess guessing reckon assume bet feel fear blame"
        " say thinks",
        r"\b(?:i|we)(?:'m|m|'d|d| am| are|'re| would)? (?:\w+ )?(?:think|thinking|suspect|suspecting"
        r"|suspected|believe|guess|guessing|reckon|assume|bet|feel|fear|blame)\b|\b(?:i'?d|i would|we'?d"
        r"|we would)(?: still| also| almost| even)? say\b"
        r"|^(?:also |still |now )?(?:suspect|suspecting|think|thinking|guess|guessing|reckon|believe"
        r"|assume)\b|\b(?:prime|main|strong|leading|chief|number one|no\.? ?1|my|our) suspect\b|\bi guess\b"
        r"|\bis (?:the |a )?suspect\b|\b(?:thinks?|suspects?|believes?|reckons?|is convinced)\b",
    ),
    (
        "guess bet theory suspicion hunch money money's feeling hypothesis assumption candidate gut suspects",
        r"\b(?:my|our|best|first|main|wild|educated|current|working|prime|leading|a|the|strong) (?:\w+ )?(?:guess|bet"
        r"|theory|suspicion|hunch|money|feeling|hypothesis|assumption|candidate)\b|\b(?:my|our) money'?s? (?:is )?on\b"
        r"|\bgut (?:feeling|says)|\b(?:have|has) (?:a |the |my |strong )?(?:suspicion|hunch|feeling|theory)\b",
    ),
    (
        "probably likely possibly presumably perhaps maybe apparently supposedly prolly probly prob poss probable"
        " propably probaly probabily seemingly mayby likly",
        r"\b(?:probably|likely|possibly|presumably|perhaps|maybe"
        r"|apparently|supposedly|prolly|probly|prob\b\.?|poss\b\.?|probable|propably|probaly|probabily|seemingly|mayby"
        r"|likly)",
    ),
    (
        "looks look looking sounds smells smell feels acts behaves looked",
        r"\b(?:looks?|looking|looked|sounds?"
        r"|smells?|feels?|acts?|behaves?)(?: (?:a lot|very much|more|really|rather|strongly|all|suspiciously|kind of"
        r"|kinda|much|pretty much))?(?: to me)? (?:like|as if|as though|of)\b|\blooks? to (?:me|be)\b"
        r"|\blooks? (?:wrong|corrupt\w*|broken|faulty|dead|full|suspicious|dodgy|off|bad|fried|misconfigured|outdated"
        r"|expired)\b",
    ),
    (
        "seems seem appears seemed",
        r"\b(?:it |this |that |\w+ )?(?:seems?|seemed|appears?)(?: to me)? (?:to be|like"
        r"|as if|as though|that|related|the|it'?s|to come|to have|dns|caused|due|corrupt\w*|broken|mis-?configured"
        r"|blocked|wrong|full|expired|dead|faulty|stuck|hung|bad|overloaded|damaged|missing|outdated|off|defect\w*"
        r"|exhausted|\w+(?: [\d.]+)? (?:was|is|has|got|were|have))\b|^seems? (?!fine|ok|good|to be (?:fine|ok"
        r"|working))\w+ ",
    ),
    (
        "points point pointing leads hints hint suggests suggest indicates indicate indicating smoking",
        r"\b(?:points?|pointing|leads?|hints?)(?: me| us)?(?: \w+)? (?:to|towards?|at)\b(?! (?:point|you))"
        r"|\bsuggests?\b(?: that)?(?! (?:we|you|to|i|trying|checking|swapp|replac|re|a |calling|asking))"
        r"|\bindicat(?:es?|ing)\b",
    ),
    (
        "might could may can & be have been come problem cause reason issue fault",
        r"\b(?:might|could|may) (?:well |also |still |even |just |very |it |this |that )*(?:be|have been|come from"
        r"|have to do|be caused)\b|\b(?:might|could|may) have (?!a\b|an\b|the\b|to\b)\w+|\b(?:it|that|this|problem"
        r"|cause|reason|issue|fault) can be\b",
    ),
    (
        "must gotta has got & be have come",
        r"\bmust (?:be|have|come from)\b|\b(?:has|got) to be (?:the|a|an"
        r"|something|dns|some)\b|\bgotta be\b",
    ),
    (
        "cause caused culprit blame reason behind blaming source",
        r"\b(?:root |probable |likely |possible "
        r"|real )?(?:cause|reason)(?: of (?:this|it|the \w+))?(?: is| could| seems|:| might| -| may)|\bcaused by\b"
        r"|\bculprit\b|\bto blame\b|\bis behind (?:it|this|all)\b|\b(?:i )?blam(?:e|ing) (?:the|it)\b",
    ),
    (
        "sure certain confident convinced opinion view take imo imho afaict wonder wondering wondered suspicious"
        " possible thinkin tend",
        r"\b(?:pretty|quite|fairly|almost|very|rather|i'?m|\d\d ?%|nearly|reasonably) (?:sure|certain"
        r"|confident|convinced)\b(?! how| what| why| if| whether)|\bconvinced\b|\bin my (?:opinion|view)\b"
        r"|\b(?:have|of) the opinion\b|\bmy take\b|\bimh?o\b"
        r"|\bafaict\b|\bwonder(?:ing|ed)? (?:if|whether|about)\b|\bis it possible that\b|\btend to think\b"
        r"|\bsuspicious of\b",
    ),
    (
        "leaning inclined explain explains bet",
        r"\bleaning (?:to|towards?)\b|\binclined to (?:think|believe|blame)\b"
        r"|\b(?:would|could|might|may) (?:well )?explain\b|\bexplains (?:it|this|that|why)\b|\bis my bet\b",
    ),
    (
        "something related due & to with in between wrong off eating blocking hogging flooding locking",
        r"\bsomething (?:to do with|with the|in the|between|is (?:wrong|off|eating|blocking|hogging|flooding"
        r"|locking))\b|\b(?:related|due) to (?:the|a|an|our|their|that|yesterday|last)\b",
    ),
)
SUSPECT_NOT = either(
    r"\b(?:some ?body|some ?one|one of us|an engineer) must be\b",
    r"\b(?:thinks|says|feels|finds)(?: that)? it(?:'s| is| takes| took) (?:all )?(?:too (?:long|slow|late|expensive)"
    r"|unfair|unacceptable|a joke|ridiculous|annoying)\b",
    # A remedy is no cause.
    r"\b(?:wants?|needs?|requires?) (?:an? |another |one more |to be )?(?:\w+ )?(?:re-?boot|re-?start"
    r"|power ?cycl|reset)",
    r"\b(?:thinks|believes|says|feels|reckons)(?: that)? (?:we|i|you|us|our support|support|the help ?desk)\b",
    r"\bmust (?:all |both |really )?be (?:[\w-]+ ){1,4}?(?:by|before|until|till|no later|on) (?!the)\w+",
    r"\bguess is (?:she|he|they|you|we)\b",
    r"\b(?:what|that'?s all) i'?d? think\b|\bonly,? i (?:think|guess|believe)\b|\bit thinks\b|\bno prob\b"
    r"|\b(?:points?|leads?) to nothing\b|\bmust be (?:correct|right|ok|okay|fine|good|in"
    r" order|well)\b|\bhe may be half\b|\b(?:cause|reason)"
    r" (?:is )?found\b|\b(?:is|are) (?:probably|maybe|perhaps|possibly|likely) (?:their|our|the|his|her) (?:md|boss|ceo"
    r"|owner|manager|director|contact)\b",
    r"\b(?:don'?t|do not|didn'?t|did not|not|doesn'?t|does not|never|no longer|isn'?t|can'?t|cannot|couldn'?t"
    r"|wouldn'?t|hardly)(?: really| even| actually| necessarily)? (?:think|believe|suspect|guess|likely|look|seem"
    r"|sound|appear|to be|point|indicate|suggest|be|feel|caused|related|due)\b",
    r"\bdoubt\b|\bunlikely\b|\bsay (?:about |around |roughly )?(?:\d|twenty|thirty|forty|fifty|half|most|ten|dozen)"
    r"|\bmust be (?!caused|related|corrupted|misconfigured|blocked|overloaded|damaged|fried|expired|outdated"
    r"|confused|connected)(?:\w+ )?\w+ed\b|\bturned out\b|\bruled out\b|\b(?:i|we|first|initially|originally"
    r"|at first|had|he|she|they) (?:first |initially |originally |had )?(?:thought|assumed|suspected|believed)\b"
    r"|\bi was thinking it was\b",
    r"\b(?:maybe|perhaps|possibly|probably|think|guess|believe|feel|suggest|reckon)(?: that| it'?s best if"
    r"| it'?s better if)? ?(?:you|we|i|someone|somebody|they) ?(?:'d|'ll|should|could|can|need|must|might want"
    r"|would|will|have to|ought|want|may|better)\b",
    r"\b(?:maybe|perhaps|possibly|might|i'?d|probably)(?: also| then| even)? (?:try|check|worth|ask|call|look"
    r"|have a look|reboot|restart|swap|replace|test|good to|best to|better to|wait|need|needs|want|wants|trying"
    r"|checking)\b",
    r"\b(?:think|guess|believe|suspect|suppose|thinks) (?:so|not|you|i\b|he'?s (?:at|in|on|out)|she'?s (?:at|in|on"
    r"|out)|(?:he|she|they) (?:is|are|can|will|want|wants|need|needs) (?:at|in|on|out|off|back|be|to|also)"
    r"|that'?s (?:all|it|fine|ok)|about|of\b|they (?:open|close|are (?:closed|open|back))|it'?s (?:best|worth|safe"
    r"|better|ok|fine|fixed|resolved|done|working|time|enough|good|useful|only|just|all|every))",
    r"\b(?:he|she|they|you|we|i|it)(?:'ll| will|'d| would|'m| am|'re going| are going)(?: most)? (?:probably|likely"
    r"|maybe|possibly|perhaps|presumably)\b",
    r"\b(?:probably|likely|maybe|possibly|perhaps|apparently)(?: be)?[ ,](?:will|be (?:back|there|late|in|out"
    r"|available)|back|call|calling|come|leave|go|going|want|wants|not (?!\w+ed\b)|at (?:lunch|home|\d)"
    r"|in a (?:meeting|call)|out\b|home|busy|away|on (?:holiday|leave)|\d|tomorrow|today|next|around|an hour|later"
    r"|tonight|one of you|two|three|ten|half|monday|friday|everyone|all (?:of|users))",
    r"\blikely to (?:call|ask|complain|be (?:back|there|angry)|come|need|want)\b|\bas likely\b|\blook(?:ing"
    r"|s)? (?:forward|into|at)\b",
    r"\b(?:might|could|may|can|must|should)(?: also| well| still| then)* be (?:able|reached|contacted|used|done"
    r"|helpful|great|good|nice|worse|worth|back|up\b|running|undone|reverted|ready|finished|restored|working|online"
    r"|available|removed|turned|switched|left|kept|set\b|signed|present|restarted|rebooted|moved|sent|paid|open"
    r"|closed|fixed|delivered|in place|here|there|on site|checked|tested|replaced|before|by\b|a good idea"
    r"|interesting|useful|added|updated|asked|taken|printed|shut|called|sold|shipped|submitted|approved|deleted"
    r"|touched|in by|escalated|announced|agreed|powered|plugged|live)",
    r"\b(?:looks?|looking|seems?|appears?|sounds?|feels?)(?: to be| like)?(?: it'?s| it is| that)? ?(?:good|fine|ok"
    r"|okay|great|stable|resolved|working|happy|fixed|normal|clean|healthy|up\b|better|right|correct|alright)\b"
    r"|\b(?:seems?|appears?) to (?:be )?(?:affect|only|just|all|every|happen)|\bworks? again|\blooks? like (?:this"
    r"|that)[.:]?$|\blooks? of\b",
    r"\b(?:could|might|may) have (?:a look|someone|somebody|you)\b|\bi feel (?:bad|sorry|like|stupid"
    r"|sick)|\bfeel free\b|\bi guess (?:i|we)'?(?:ll|d)?\b|\bnot sure (?:if|what|why|how|where)\b|\bmust have (?:it"
    r"|this|that|them|a|an|been there|access|their|his|her|internet|printing)\b",
    r"\bi'?d say (?:leave|wait|call|go|we|you|let|try|that'?s|it'?s (?:ok|fine|worth|time|best))|\bcould you\b"
    r"|\bcan you\b|\bplease\b|\bto say\b|\bwhat do you think\b|\b(?:says?|feels?) it'?s (?:urgent|slow|important)\b",
    r"\bsuggest(?:s|ed)? (?:to|that we|we|trying|checking|a (?:call|visit|meeting))|\bno indicat"
    r"|\bsounds? (?:like a plan|good|great)|\bi'?m sure (?:you|he|she|they|we)|\bmake sure|\bfor sure\b"
    r"|\bfeels? like (?:ages|hours)|\bno (?:idea|clue)\b|\bno obvious (?:cause|reason)\b|\bmay (?:the |we "
    r"|i )?(?:be|have) (?:with|a word)\b|\bmay (?:not )?be (?:off|down|rebooted|touched|changed|logged)\b",
)
SUSPECT_WORDS = SUSPECT.words | words("thought assumed believed initially originally doubt unlikely turned ruled")
OTHERS_SUSPECT = either(
    r"\b(?:customer|client|user|caller|he|she|they|vendor|isp|owner|boss|manager|(?:mr|mrs|ms"
    r"|dr)\.? \w+)(?: \w+)? (?:thinks?|believes?|says?|said|suspects?|guess(?:es)?|claims?|reckons?|is convinced"
    r"|blames?|insists?|told)\b"
)
MAY_BE_ASKED = either(
    r"^(?:or |and |so |then |hmm,? )?(?:maybe|perhaps|possibly|probably|could it|might it|could this|might this"
    r"|may be|is it possible|my guess|looks like|seems|i wonder|wondering|could (?:the|be)|might (?:the|be))\b",
    r"\bi (?:think|suspect|guess|wonder)\b|\b(?:might|could|may) (?:it |this |that )?be\b(?! (?:done|reached))",
)
DENIAL = either(
    r"\b(?:not|isn'?t|wasn'?t) (?:be )?(?:(?:caused by|because of|due to|about|an?|the|our|their|that|to be) )+",
    r"\b(?:it'?s|it is|its|was|that'?s|this is) (?:definitely |really |actually |probably |clearly )?not (?=\w+$"
    r"|\w+ (?:then|either|after all)|dns|dhcp)",
    r"\b(?:ruled|rule|ruling) out (?:the |a |an |our |their )?|\b(?:don'?t|do not|no longer|didn'?t) (?:think"
    r"|believe|suspect) (?:that )?(?:it'?s|it is|it was|this is|its)? ?(?:(?:the|a|an|because of|about|due to) )?"
    r"|\b(?:can'?t|cannot|couldn'?t) be (?:the |a |an )?",
)
CLEARED = either(
    r"\b(?:is|are|was|looks?|seems?|tested|checks? out|all) (?:\w+ )?(?:fine|ok|okay|good|clean|healthy|ruled out"
    r"|not the (?:problem|cause|issue|culprit|reason)|innocent|in order|correct|harmless|unrelated|irrelevant)\b"
    r"|\b(?:has been |is )?ruled out\b"
)
DENYING = words(
    "not isn't isnt wasn't wasnt ruled rule fine ok okay good clean healthy innocent correct order harmless unrelated"
    " irrelevant don't dont"
    " can't cannot"
)
