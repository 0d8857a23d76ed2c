"""What the database does by itself: an entry that goes leaves nothing of itself in the index."""

from extranet.lib.declencheurs import Declencheur

DECLENCHEURS = (
    Declencheur(
        nom="entree_hors_de_l_index",
        table="search_searchentry",
        sqlite=(
            """
            CREATE TRIGGER entree_hors_de_l_index AFTER DELETE ON search_searchentry
            BEGIN
                DELETE FROM search_tout WHERE rowid = OLD.id;
                DELETE FROM search_titre WHERE rowid = OLD.id;
                DELETE FROM search_facette WHERE id = OLD.id;
            END
            """,
        ),
        postgresql=(
            "BEGIN DELETE FROM search_vecteur WHERE id = OLD.id; DELETE FROM search_titre WHERE id = OLD.id;"
            " RETURN OLD; END"
        ),
        quand="AFTER DELETE",
    ),
    Declencheur(
        nom="entrees_toutes_hors_de_l_index",
        table="search_searchentry",
        sqlite=(),  # has no TRUNCATE: an emptied table fires the other one for each row
        postgresql="BEGIN TRUNCATE search_vecteur, search_titre; RETURN NULL; END",
        quand="AFTER TRUNCATE",
        pour="STATEMENT",
    ),
)
