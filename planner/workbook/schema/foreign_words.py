"""What other people's workbooks call our columns, in English, German, French, Spanish, Italian, Portuguese, Dutch and
Polish. For saying what a heading resembles; never for reading it, for a "Preis" may be gross, net or per thousand."""

import re

from planner.names import heading_key, key, tidy
from planner.workbook.schema.columns import SheetSchema

# By sheet, under our heading the words for it, between commas.
_WORDS = {
    "Brief": {
        "Campaign": """
campaign name, kampagne, campagne, campaña, campagna, kampagnenname, campanha, kampania""",
        "Currency": "ccy, währung, devise, monnaie, moneda, valuta, moeda, waluta",
        "Universe (000)": """
population, grundgesamtheit, potenzial, zielgruppengröße, potential, univers, universo,
población, popolazione, universum, target size, população, populacja""",
        "Budget": """
total budget, gesamtbudget, etat, mediabudget, media budget, budget total, presupuesto,
investment, spend, bilancio, kosten gesamt, orçamento, verba, budżet""",
        "Start": """
start date, flight start, startdatum, beginn, kampagnenstart, début, date de début, inicio,
inizio, begin, data início, data de início, data inizio, początek, data startu""",
        "Weeks": """
duration, flight, number of weeks, end, end date, flight end, ende, enddatum, fin, fine, fim,
einde, koniec, wochen, laufzeit, dauer, semaines, durée, semanas,
settimane, durata, tygodnie, liczba tygodni""",
        "Objective": "goal, kpi, ziel, kampagnenziel, objectif, objetivo, obiettivo, doel, cel",
        "Target audience": """
target, target group, zielgruppe, cible, público objetivo, target demo, doelgroep,
público-alvo, grupa docelowa""",
        "Commission %": """
agency commission, ac, ae, ae provision, agenturprovision, provision, commission agence,
comisión""",
    },
    "Vehicles": {
        "Vehicle": """
programme, program, title, publication, site, placement, station, show, supplier, publisher,
vendor, network, sender, titel, werbeträger, programm, sendung, umfeld, belegungseinheit,
angebot, zeitschrift, support, titre, chaîne, émission, écran, soporte, cadena, programa,
título, canal, testata, programma, emittente, zender, inventory, property, veículo,
emissora, veicolo, titolo, nośnik, stacja, tytuł, kanał, audycja""",
        "Medium": """
media, media type, channel, gattung, mediengattung, mediagattung, mediatyp, média, type de
média, medio, tipo de medio, mediumtype, vehicle type, mezzo, meio, tipo de meio, media typ,
kanał medialny""",
        "Unit cost": """
cost, price, rate, net cost, gross cost, unit price, rate card, spot cost, cost per spot,
tariff, preis, tarif, kosten, preis pro schaltung, einschaltpreis, spotpreis,
anzeigenpreis, prix, prix unitaire, coût, precio, tarifa, coste, costo, prezzo, tariffa,
prijs, custo, preço, cena, cena jednostkowa, koszt, stawka""",
        "Audience (000)": """
audience, 000s, proj, projected, lnp, sehbeteiligung, reach, readership, viewers, listeners,
readers, impressions, impacts, circulation, users, contacts, reichweite, seher, leser,
hörer, nutzer, kontakte, kontakte pro schaltung, auflage, audiencia, lectorat, lecteurs,
auditeurs, téléspectateurs, alcance, lectores, ascolto, lettori, bereik, audiência,
leitores, espectadores, zasięg, widzowie, czytelnicy, słuchacze, odbiorcy, nakład, tiragem""",
        "Rating %": """
rating, grp, trp, tvr, rtg, ratings, marktanteil, reichweite in %, reichweite %, taux moyen""",
        "Unit": """
format, ad format, size, length, spot length, länge, spotlänge, größe, seitenformat, durée,
taille, formato, duración, lengte, ad size, duration""",
        "Genre": "category, rubrik, sparte, daypart, kategorie, catégorie, género, thema",
        "Smallest buy": """
minimum buy, minimum order, min order, minimum booking, minimum purchase, mindestabnahme,
mindestbuchung, mindestauftrag""",
        "Max": """
insertions, spots, quantity, qty, units, frequency, no. of spots, # spots, anzahl,
schaltungen, frequenz, einschaltungen, menge, quantité, nombre, passages, inserciones,
cantidad, inserzioni, aantal, available, inserções, quantidade, liczba emisji, emisje,
ilość, maks""",
    },
    "Rules": {
        "Rule": "constraint, name, regel, restriktion, bedingung, règle, contrainte, regla, regola",
        "Applies to": "scope, applies, gilt für, bezug, concerne, s'applique à, aplica a",
        "At least": """
min, minimum, floor, mindestens, mindest, au moins, mínimo, minimo, co najmniej, pelo menos""",
        "At most": """
max, maximum, cap, limit, höchstens, maximal, au plus, máximo, massimo, najwyżej, no máximo""",
        "Unit": "measure, einheit, unité, unidad, unità",
    },
}
_MEANT = {
    sheet: {tidy(word): ours for ours, words in table.items() for word in words.split(",")}
    for sheet, table in _WORDS.items()
}
PER_THOUSAND = re.compile(r"\b(?:e?cpm|cpt|tkp)\b")  # a price of a thousand contacts is no price of ours
_BESIDES = re.compile(r"[(\[].*?[)\]]|[.:*]+$")

# By sheet, what is said on another one: the words for it, between commas, and where.
_ELSEWHERE = {
    "Vehicles": (
        """
from, to, start, end, start date, end date, from date, to date, on air, on air from, on air to, available from,
available to, first week, last week, flight, flight start, flight end, flight dates, von, bis, ab, beginn, ende,
laufzeit, du, au, début, fin, desde, hasta, inicio, dal, al, inizio, fine, van, tot, od, do""",
        " If it says when a vehicle can run: Weeks does, in a row with its name, 0 in every other week.",
    ),
}


def said_elsewhere(heading: str, schema: SheetSchema) -> str:
    """Where else stands what a heading asks, as a sentence; "" where that is not known.

    >>> from planner.workbook.schema.sheets import VEHICLES
    >>> said_elsewhere("On air from", VEHICLES)[:41], said_elsewhere("Notes", VEHICLES)
    (' If it says when a vehicle can run: Weeks', '')
    """
    words, sentence = _ELSEWHERE.get(schema.name, ("", ""))
    return sentence if heading_key(heading) in map(tidy, words.split(",")) else ""


def resembles(heading: str, schema: SheetSchema) -> str:
    """The heading of ours that a foreign one of that sheet stands for, it seems; "" where none does.

    >>> from planner.workbook.schema.sheets import BRIEF, VEHICLES
    >>> resembles("Preis (EUR)", VEHICLES), resembles("Nb insertions", VEHICLES), resembles("Notes", VEHICLES)
    ('Unit cost', 'Max', '')
    """
    words = {} if PER_THOUSAND.search(key(heading)) else _MEANT.get(schema.name, {})
    plain = " ".join(_BESIDES.sub(" ", heading_key(heading)).split())
    if plain in words:
        return words[plain]
    parts = {words[part] for part in re.split(r"[\s/_-]+", plain) if part in words}
    return parts.pop() if len(parts) == 1 else ""
