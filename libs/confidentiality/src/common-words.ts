/** Family and first names that are also words of documents, folded: alone they accuse nobody. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `aime avril aurore barbier bell bernard berger blanc blanche bois bonne boucher boulanger bouvier brun
  camille carpentier cerise chapelle charpentier chevalier clair claire clement cote dimanche dominique droit duc
  faure fleur forest forestier foret fort fournier france franck frank garde garnier gauche gilles grand grande gras
  gros janvier jardin jeune jour juin lambert lion long lundi luce mace maire maison marchand mardi mars masson mercier
  meunier mille mineur modeste moulin neuve noel noir olive page parent pastel pays perle petit petite pierre place
  plat pont porte potier prevost prudence prudent rapide regnier renard rive riviere roche rond rose rouge rousse roux
  royer sage salle samedi saison sauvage selle serpent server soleil solution tellier test tissier tonnelier vallee
  verger vert vidal vigne village ville vincent violet violette`.split(/\s+/),
);
