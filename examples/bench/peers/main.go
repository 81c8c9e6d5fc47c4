// The peer in Go: net/http, answers from memory.
package main

import (
	"flag"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
)

func main() {
	port := flag.Int("port", 0, "where to listen, on 127.0.0.1")
	root := flag.String("root", ".", "the folder whose files are served")
	flag.Parse()
	files := map[string][]byte{}
	entries, err := os.ReadDir(*root)
	if err != nil {
		log.Fatal(err)
	}
	for _, entry := range entries {
		bytes, err := os.ReadFile(filepath.Join(*root, entry.Name()))
		if err != nil {
			log.Fatal(err)
		}
		files["/"+entry.Name()] = bytes
	}
	handler := http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		bytes, found := files[request.URL.Path]
		if !found {
			http.NotFound(answer, request)
			return
		}
		answer.Header().Set("Content-Type", "text/plain")
		answer.Header().Set("Content-Length", strconv.Itoa(len(bytes)))
		answer.Write(bytes)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+strconv.Itoa(*port), handler))
}
