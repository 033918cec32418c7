Feature: Reports that were joined wrongly, and those who report again and again
  Joining two reports is undone. Whoever has reported without ground before is cared for like everybody else.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported

  Rule: unmerge - what was joined wrongly begins anew under its own number
    Scenario: Two walls, not one
      Given ten minutes later Bram has reported the same
      And Ding has merged the second report into the first
      And it has become Wednesday 17 April 2024, 09:00
      When Ding takes the second report out again
      Then the second report is "Reopened"
      And the second report has until Thursday 18 April 2024, 10:00 for "Safety questions"

  Rule: flag_abuse - a note of the head stops nothing
    Scenario: The seventh report of this year
      Given Chen has noted repeated unfounded reports
      And the case has gone on until it is screened
      When Wang asks for consent
      Then the case is "Waiting for consent"

    Scenario: The dispatcher has had enough
      When Ding notes repeated unfounded reports
      Then it is refused because it "is for Head of the station"
