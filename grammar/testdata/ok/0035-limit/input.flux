limit Listen: 10000;
