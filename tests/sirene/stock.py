#!/usr/bin/python3
"""stock.py LINES FOLDER [SEED]: plausible stock files of Sirene, invented: StockEtablissement_utf8.csv and StockUniteLegale_utf8.csv, with Insee's columns
in Insee's order, as many establishments as said. Same seed, same files. Shares are rough: a third active, one in fourteen employs, one company in
six is a person, one in twelve of these is withheld."""
import random
import sys

PAIRED = ["siren", "nic", "siret", "statutDiffusionEtablissement", "dateCreationEtablissement", "trancheEffectifsEtablissement", "anneeEffectifsEtablissement",
          "activitePrincipaleRegistreMetiersEtablissement", "dateDernierTraitementEtablissement", "etablissementSiege", "nombrePeriodesEtablissement"]
ADDRESS = ["complementAdresse", "numeroVoie", "indiceRepetition", "dernierNumeroVoie", "indiceRepetitionDernierNumeroVoie", "typeVoie", "libelleVoie", "codePostal",
           "libelleCommune", "libelleCommuneEtranger", "distributionSpeciale", "codeCommune", "codeCedex", "libelleCedex", "codePaysEtranger", "libellePaysEtranger"]
SECOND = ["complementAdresse2", "numeroVoie2", "indiceRepetition2", "typeVoie2", "libelleVoie2", "codePostal2", "libelleCommune2", "libelleCommuneEtranger2",
          "distributionSpeciale2", "codeCommune2", "codeCedex2", "libelleCedex2", "codePaysEtranger2", "libellePaysEtranger2"]
PERIOD = ["dateDebut", "etatAdministratifEtablissement", "enseigne1Etablissement", "enseigne2Etablissement", "enseigne3Etablissement",
          "denominationUsuelleEtablissement", "activitePrincipaleEtablissement", "nomenclatureActivitePrincipaleEtablissement", "caractereEmployeurEtablissement",
          "activitePrincipaleNAF25Etablissement"]
ESTABLISHMENT = (PAIRED + [name + "Etablissement" for name in ADDRESS] +
                 ["identifiantAdresseEtablissement", "coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement"] +
                 [name + "Etablissement" for name in SECOND] + PERIOD)
UNIT = ["siren", "statutDiffusionUniteLegale", "unitePurgeeUniteLegale", "dateCreationUniteLegale", "sigleUniteLegale", "sexeUniteLegale", "prenom1UniteLegale",
        "prenom2UniteLegale", "prenom3UniteLegale", "prenom4UniteLegale", "prenomUsuelUniteLegale", "pseudonymeUniteLegale", "identifiantAssociationUniteLegale",
        "trancheEffectifsUniteLegale", "anneeEffectifsUniteLegale", "dateDernierTraitementUniteLegale", "nombrePeriodesUniteLegale", "categorieEntreprise",
        "anneeCategorieEntreprise", "dateDebut", "etatAdministratifUniteLegale", "nomUniteLegale", "nomUsageUniteLegale", "denominationUniteLegale",
        "denominationUsuelle1UniteLegale", "denominationUsuelle2UniteLegale", "denominationUsuelle3UniteLegale", "categorieJuridiqueUniteLegale",
        "activitePrincipaleUniteLegale", "nomenclatureActivitePrincipaleUniteLegale", "nicSiegeUniteLegale", "economieSocialeSolidaireUniteLegale",
        "societeMissionUniteLegale", "caractereEmployeurUniteLegale", "activitePrincipaleNAF25UniteLegale"]
COMMUNES = [("59350", "59000", "LILLE"), ("69123", "69002", "LYON"), ("75108", "75008", "PARIS 8"), ("33063", "33000", "BORDEAUX"), ("57463", "57000", "METZ"),
            ("44109", "44000", "NANTES"), ("13204", "13004", "MARSEILLE 4"), ("67482", "67000", "STRASBOURG"), ("35238", "35000", "RENNES"), ("2A004", "20000", "AJACCIO")]
ACTIVITIES = [("62.01Z", "62.10Y"), ("25.62B", "25.53Y"), ("10.71C", "10.71Y"), ("43.21A", "43.21G"), ("68.20B", "68.20Y"), ("47.11B", "47.11G"), ("70.22Z", "70.20Y"),
              ("56.10A", "56.11G"), ("28.29B", "28.29Y"), ("86.90E", "86.99Y")]
WORDS = ["ATELIER", "MECANIQUE", "SERVICES", "CONSEIL", "BATIMENT", "NUMERIQUE", "FERME", "GARAGE", "TRANSPORTS", "INDUSTRIE"]


def luhn_siren(number):
    digits = [int(one) for one in f"{number:08d}"]
    total = sum(sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(digits))
    return f"{number:08d}{-total % 10}"


def luhn_siret(siren, number):
    """Fourteen digits whose last makes the sum right; NIC's first four count establishments."""
    head = siren + f"{number:04d}"
    total = sum(sum(divmod(2 * int(digit), 10)) if place % 2 == 0 else int(digit) for place, digit in enumerate(head))
    return head + str(-total % 10)


def day(chance, first=1990, last=2025):
    return f"{chance.randint(first, last)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"


def company(chance, number):
    person = chance.random() < 0.17
    made = {"siren": luhn_siren(number), "person": person, "withheld": person and chance.random() < 0.08, "active": chance.random() < 0.4, "employs": chance.random() < 0.2,
            "name": f"{chance.choice(WORDS)} {chance.choice(WORDS)} {number % 100000}", "band": "NN"}
    if made["employs"]:
        made["band"] = chance.choice(["01", "01", "01", "02", "02", "03", "11", "12", "21", "22", "31", "32", "42"])
    return made


def quoted(text):
    return '"' + text.replace('"', '""') + '"' if any(one in text for one in ',"\n') else text


def write(out, names, values):
    out.write(",".join(quoted(values.get(name, "")) for name in names) + "\n")


def establishment(chance, owner, number):
    commune, postcode, town = chance.choice(COMMUNES)
    naf, naf25 = chance.choice(ACTIVITIES)
    active = owner["active"] and chance.random() < 0.8
    siret = luhn_siret(owner["siren"], number + 1)
    values = {"siren": owner["siren"], "nic": siret[9:], "siret": siret, "statutDiffusionEtablissement": "P" if owner["withheld"] else "O",
              "dateCreationEtablissement": day(chance), "trancheEffectifsEtablissement": owner["band"] if active else "NN", "anneeEffectifsEtablissement": "2023",
              "dateDernierTraitementEtablissement": day(chance, 2020, 2025) + "T10:15:00", "etablissementSiege": "true" if number == 0 else "false",
              "nombrePeriodesEtablissement": "1", "numeroVoieEtablissement": str(chance.randint(1, 200)), "typeVoieEtablissement": "RUE",
              "libelleVoieEtablissement": "DE L'INDUSTRIE, BAT A" if chance.random() < 0.1 else "DES ARTISANS", "codePostalEtablissement": postcode,
              "libelleCommuneEtablissement": town, "codeCommuneEtablissement": commune, "identifiantAdresseEtablissement": f"{commune}_0001",
              "coordonneeLambertAbscisseEtablissement": "700000.5", "coordonneeLambertOrdonneeEtablissement": "6600000.25", "dateDebut": day(chance),
              "etatAdministratifEtablissement": "A" if active else "F", "activitePrincipaleEtablissement": naf,
              "nomenclatureActivitePrincipaleEtablissement": "NAFRev2", "caractereEmployeurEtablissement": "O" if owner["employs"] and active else "N",
              "activitePrincipaleNAF25Etablissement": naf25}
    if owner["person"] and chance.random() < 0.5:
        values["enseigne1Etablissement"] = f'AU "{chance.choice(WORDS)}"'
    if owner["withheld"]:
        for name in ("numeroVoieEtablissement", "typeVoieEtablissement", "libelleVoieEtablissement", "enseigne1Etablissement", "identifiantAdresseEtablissement",
                     "coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement"):
            values[name] = "[ND]"
    return values


def unit(owner, naf):
    values = {"siren": owner["siren"], "statutDiffusionUniteLegale": "P" if owner["withheld"] else "O", "dateCreationUniteLegale": "2001-02-03",
              "trancheEffectifsUniteLegale": owner["band"], "dateDernierTraitementUniteLegale": "2025-11-01T08:00:00", "nombrePeriodesUniteLegale": "1",
              "dateDebut": "2019-04-05", "etatAdministratifUniteLegale": "A" if owner["active"] else "C", "categorieJuridiqueUniteLegale": "1000" if owner["person"] else "5710",
              "activitePrincipaleUniteLegale": naf, "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2", "nicSiegeUniteLegale": "00018",
              "caractereEmployeurUniteLegale": "O" if owner["employs"] else "N"}
    if owner["person"]:
        hidden = owner["withheld"]
        values.update({"nomUniteLegale": "[ND]" if hidden else "PRIVEE", "prenom1UniteLegale": "[ND]" if hidden else "PERSONNE", "sexeUniteLegale": "[ND]" if hidden else "F"})
    else:
        values["denominationUniteLegale"] = owner["name"]
    return values


def main():
    lines, folder, chance = int(sys.argv[1]), sys.argv[2], random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 2025)
    written, number = 0, 30000000
    with open(f"{folder}/StockEtablissement_utf8.csv", "w", encoding="utf-8", newline="") as places, \
            open(f"{folder}/StockUniteLegale_utf8.csv", "w", encoding="utf-8", newline="") as units:
        places.write(",".join(ESTABLISHMENT) + "\n")
        units.write(",".join(UNIT) + "\n")
        while written < lines:
            number += chance.randint(1, 3)
            owner = company(chance, number)
            for index in range(min(chance.choice([1, 1, 1, 2, 3]), lines - written)):
                values = establishment(chance, owner, index)
                write(places, ESTABLISHMENT, values)
                written += 1
            write(units, UNIT, unit(owner, values["activitePrincipaleEtablissement"]))


main()
