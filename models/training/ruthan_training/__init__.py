"""Makes a model folder of Ruthan in four steps: prepare, train, export, evaluate."""
