from __future__ import annotations

import json

from cmdb.model.language import Language
from cmdb.model.messages import Message, from_data
from cmdb.model.resources import RESOURCES
from cmdb.model.schema import Schema
from cmdb.model.schema_documents import read_documents
from cmdb.model.schema_languages import in_language, texts_of
from cmdb.model.values import label_of
from tests.pseudo_locale import PseudoTranslations, plain_words, spoken

OWN = {
    "class": {
        "sensor": {
            "parent": "hardware",
            "label": "Sensor unit",
            "languages": {"de": {"label": "Fühler", "plural": "Fühler"}},
            "attributes": {
                "range": {
                    "languages": {"de": {"label": "Reichweite"}},
                    "type": "choice",
                    "choices": [{"value": "far", "label": "Far", "languages": {"de": {"label": "Weit"}}}, "near"],
                }
            },
        }
    },
    "relationship": {
        "senses": {
            "label": "senses",
            "inverse": "is sensed by",
            "languages": {"de": {"label": "misst", "inverse": "wird gemessen von"}},
        }
    },
}


class _German(PseudoTranslations):
    """German has words of its own where the schema declares them."""


def test_every_word_of_the_schema_is_translated() -> None:
    with spoken():
        schema = Schema.load()
    left = [word for text in texts_of(schema.classes, schema.relationships) if text for word in plain_words(text)]
    assert left == []
    assert "⟦" in schema.cls("laptop").label


def test_an_entrys_own_words_are_used() -> None:
    with spoken(Language("de", "de", _German())):
        schema = Schema.load(extra=[OWN])
    sensor, senses = schema.cls("sensor"), schema.relationship("senses")
    assert (sensor.label, sensor.plural, sensor.attributes["range"].label) == ("Fühler", "Fühler", "Reichweite")
    assert sensor.attributes["range"].choices[0].label == "Weit"
    assert (senses.label, senses.inverse) == ("misst", "wird gemessen von")


def test_words_of_other_languages_are_understood() -> None:
    for language in (Language(), Language("de", "de", _German())):
        with spoken(language):
            schema = Schema.load(extra=[OWN])
        assert schema.find_class("Sensor unit").name == schema.find_class("fühler").name == "sensor"
        for word in ("Range", "reichweite", "range"):
            attribute = schema.find_attribute("sensor", word)
            assert attribute is not None
            assert attribute.name == "range"
        assert schema.find_relationship("is sensed by") == (schema.relationship("senses"), True)
        assert schema.find_relationship("wird gemessen von") == (schema.relationship("senses"), True)
        assert schema.find_relationship("misst") == (schema.relationship("senses"), False)


def test_in_the_source_language_nothing_changes() -> None:
    schema = Schema.load()
    assert schema.cls("laptop").label == "Laptop"
    assert schema.cls("laptop").attributes["serial_number"].label == "Serial number"


def test_in_the_source_language_entries_are_taken_as_they_are_declared() -> None:
    classes, relationships = read_documents(RESOURCES / "schema", [OWN])
    worded_classes, worded_relationships = in_language(classes, relationships)
    assert {name for name, one in classes.items() if worded_classes[name] is not one} == {"sensor"}
    assert {name for name, one in relationships.items() if worded_relationships[name] is not one} == {"senses"}
    with spoken():
        worded_classes, _ = in_language(classes, relationships)
    inherited = worded_classes["laptop"].attributes["serial_number"]
    assert worded_classes["server"].attributes["serial_number"] is inherited


def test_a_word_of_the_schema_is_kept_as_it_is_declared() -> None:
    with spoken():
        schema = Schema.load()
        status = schema.attribute("laptop", "status")
        labels = (schema.cls("laptop").label, schema.relationship("depends_on").inverse, status.label)
        text = Message("{labels}: {choice}", labels=labels, choice=label_of(status, "In stock"))
        assert not plain_words(str(text))
        kept = json.dumps(text.data())
        assert text.source() == "Laptop, is needed by, Status: In stock"
    assert str(from_data(json.loads(kept))) == "Laptop, is needed by, Status: In stock"
    with spoken():
        assert str(from_data(json.loads(kept))) == str(text)
