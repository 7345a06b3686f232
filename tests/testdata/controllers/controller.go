// A Tencent Cloud Chat controller as teams have them, in Go.
// Run: CHAT_TOKEN=… PORT=3000 go run controller.go
package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
)

type ack struct {
	ActionStatus string
	ErrorInfo    string
	ErrorCode    int
}

type body struct {
	GroupId string
	Name    string
}

func isSigned(query url.Values) bool {
	sum := sha256.Sum256([]byte(os.Getenv("CHAT_TOKEN") + query.Get("RequestTime")))
	want := hex.EncodeToString(sum[:])
	return subtle.ConstantTimeCompare([]byte(want), []byte(query.Get("Sign"))) == 1
}

func handle(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if !isSigned(query) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var b body
	if err := json.NewDecoder(r.Body).Decode(&b); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	command := query.Get("CallbackCommand")
	fmt.Println(command, b.GroupId, b.Name)
	answer := ack{ActionStatus: "OK"}
	if command == "Group.CallbackBeforeCreateGroup" && strings.Contains(b.Name, "forbidden") {
		answer.ErrorInfo = "This name is not allowed"
		answer.ErrorCode = 10100
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(answer)
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	http.HandleFunc("/", handle)
	if err := http.ListenAndServe("127.0.0.1:"+port, nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
