# Stands for an extension module that CPython's tests of the importer load; helpers that other tests share only want it to be there.
