<?php
// A Tencent Cloud Chat controller as teams have them, in PHP.
// Run: CHAT_TOKEN=… php -S 127.0.0.1:3000 controller.php

$token = getenv('CHAT_TOKEN') ?: '';
$sign = hash('sha256', $token . ($_GET['RequestTime'] ?? ''));
if (!hash_equals($sign, $_GET['Sign'] ?? '')) {
    http_response_code(401);
    return;
}

$command = $_GET['CallbackCommand'] ?? '';
$body = json_decode(file_get_contents('php://input'), true) ?? [];
file_put_contents('php://stdout', $command . ' ' . ($body['GroupId'] ?? '-') . ' ' . ($body['Name'] ?? '') . "\n");

$answer = ['ActionStatus' => 'OK', 'ErrorInfo' => '', 'ErrorCode' => 0];
if ($command === 'Group.CallbackBeforeCreateGroup' && str_contains($body['Name'] ?? '', 'forbidden')) {
    $answer['ErrorInfo'] = 'This name is not allowed';
    $answer['ErrorCode'] = 10100;
}

header('Content-Type: application/json');
echo json_encode($answer);
