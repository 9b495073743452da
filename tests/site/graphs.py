"""graphs.py TURTLE JSON-LD RDF/XML: whether the three files are one graph, by rdflib. Prints {"statements": [...], "same": true}."""
import json
import sys

import rdflib
from rdflib.compare import isomorphic

graphs = [rdflib.Graph().parse(path, format=form) for path, form in zip(sys.argv[1:], ("turtle", "json-ld", "xml"))]
print(json.dumps({"statements": [len(graph) for graph in graphs], "blank": sum(isinstance(term, rdflib.BNode) for graph in graphs for row in graph for term in row),
                  "same": all(isomorphic(graphs[0], other) for other in graphs[1:])}))
