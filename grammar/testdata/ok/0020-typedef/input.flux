typedef hit TestInCache;
